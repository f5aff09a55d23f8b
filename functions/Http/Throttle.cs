using AuthFunctions.Protocol;
using AuthFunctions.Storage;

namespace AuthFunctions.Http;

/// <summary>
/// Slows down guessing: from the fifth failure in a row an attempt before its delay has passed is refused, 1 s and doubling
/// to 15 minutes. Counts are read beside other rows and written only on failures.
/// </summary>
public sealed class Throttle(ThrottleStore store, TimeProvider clock)
{
    /// <summary>Failures in a row that cost nothing.</summary>
    public const int FreeFailures = 4;

    /// <summary>Failures in a row after which only a known device may try.</summary>
    public const int LockedFailures = 100;

    private const int MaxTries = 40;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(24);

    /// <summary>The counts of these keys, read at once.</summary>
    public async Task<IReadOnlyList<ThrottleRow>> ReadAsync(IReadOnlyList<ThrottleKey> keys, CancellationToken ct) =>
        await Task.WhenAll(keys.Select(async key => Current(key, await store.FindAsync(key, ct))));

    /// <summary>How long the next attempt must wait; zero if it may be made now.</summary>
    public TimeSpan DelayOf(IReadOnlyList<ThrottleRow> rows)
    {
        var now = clock.GetUtcNow();
        var delay = rows.Max(r => (TimeSpan?)(IsLocked(r) ? LongestDelay : r.NextAttemptAt - now)) ?? TimeSpan.Zero;
        return delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
    }

    /// <summary>Counts one failure for each key.</summary>
    public Task FailAsync(IReadOnlyList<ThrottleRow> rows, CancellationToken ct) => Task.WhenAll(rows.Select(r => CountAsync(r, ct)));

    /// <summary>Forgets the failures, but for an address: an attacker with one account of his own would reset it at will.</summary>
    public Task SucceedAsync(IReadOnlyList<ThrottleRow> rows, CancellationToken ct) =>
        Task.WhenAll(rows.Where(r => r.ETag != default && r.Key.Kind != "address").Select(r => store.DeleteAsync(r, ct)));

    private async Task CountAsync(ThrottleRow row, CancellationToken ct)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var now = clock.GetUtcNow();
            var failures = row.Failures + 1;
            var counted = row with { Failures = failures, NextAttemptAt = now + DelayAfter(failures), ExpiresAt = now + ForgottenAfter };
            if (await store.SaveAsync(counted, ct) is Commit.Done)
            {
                return;
            }

            // Attempts that fail at the same moment each count.
            row = Current(row.Key, await store.FindAsync(row.Key, ct));
        }

        throw new OutageException("table Throttle");
    }

    private ThrottleRow Current(ThrottleKey key, ThrottleRow? row) => row is not null && row.ExpiresAt > clock.GetUtcNow()
        ? row
        : new ThrottleRow(key, 0, default, default) { ETag = row?.ETag ?? default };

    private static bool IsLocked(ThrottleRow row) => row.Key.Kind == "email" && row.Failures > LockedFailures;

    private static TimeSpan DelayAfter(int failures) => failures <= FreeFailures
        ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Math.Min(LongestDelay.TotalSeconds, Math.Pow(2, Math.Min(failures - FreeFailures - 1, 20))));
}
