using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace AuthFunctions.Clients;

/// <summary>
/// The public keys of clients: from their settings, or from their <c>jwks_uri</c>. Fetched keys are kept ten minutes, and fetched anew when a
/// <c>kid</c> is met that is not among them, but not more than once a minute: anybody can make up a <c>kid</c>.
/// </summary>
public sealed partial class ClientKeys(JwksFetcher fetcher, TimeProvider clock, ILogger<ClientKeys> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long keys count whose server does not answer any more. Longer, and whoever keeps it from answering keeps a withdrawn key alive.
    /// </summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Uri, Fetched> sets = new();

    /// <summary>The keys to check a signature of the client's with.</summary>
    /// <param name="client">The client.</param>
    /// <param name="kid">The key that the signature names, or null.</param>
    /// <param name="ct">Ends the wait.</param>
    public async ValueTask<IReadOnlyList<SecurityKey>> OfAsync(OAuthClient client, string? kid, CancellationToken ct)
    {
        if (client.JwksUri is not { } uri)
        {
            return client.Keys;
        }

        var set = sets.GetOrAdd(uri, _ => new Fetched());
        if (IsDue(set, kid))
        {
            await set.Gate.WaitAsync(ct);
            try
            {
                if (IsDue(set, kid))
                {
                    await FetchAsync(set, uri, client);
                }
            }
            finally
            {
                set.Gate.Release();
            }
        }

        return clock.GetUtcNow() - set.FetchedAt < Longest ? set.Keys : [];
    }

    private bool IsDue(Fetched set, string? kid)
    {
        var now = clock.GetUtcNow();
        return now - set.AskedAt >= Pause && (now - set.FetchedAt >= Fresh || (kid is not null && set.Keys.All(k => k.KeyId != kid)));
    }

    private async Task FetchAsync(Fetched set, Uri uri, OAuthClient client)
    {
        set.AskedAt = clock.GetUtcNow();
        var (keys, fault) = await fetcher.FetchAsync(uri);
        if (keys is null)
        {
            LogFailed(logger, client.ClientId, fault!);
            return;
        }

        (set.Keys, set.FetchedAt) = (keys, set.AskedAt);
    }

    [LoggerMessage(1, LogLevel.Warning, "The key set of client {ClientId} cannot be fetched: {Reason}")]
    private static partial void LogFailed(ILogger logger, string clientId, string reason);

    private sealed class Fetched
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public IReadOnlyList<SecurityKey> Keys { get; set; } = [];

        public DateTimeOffset FetchedAt { get; set; } = DateTimeOffset.MinValue;

        public DateTimeOffset AskedAt { get; set; } = DateTimeOffset.MinValue;
    }
}
