using AuthFunctions.Events;
using AuthFunctions.Outbox;
using AuthFunctions.Storage;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Delivery;

/// <summary>
/// Does what an intent asks for: claims it by one conditional write, which also sets when the next attempt may be made, makes the attempt, and
/// strikes the intent off. Of two that come at once one claims it. Who dies in between is made up for by the next attempt: at least once.
/// </summary>
public sealed partial class Deliverer(
    OutboxStore outbox, OutboxIndexStore index, EventStore events, IEnumerable<IDelivery> deliveries, TimeProvider clock, ILogger<Deliverer> logger)
{
    /// <summary>Attempts before an intent is given up: with the waits between them, half a day.</summary>
    public const int MaxAttempts = 16;

    /// <summary>Longer than any request that announced an intent can take to commit it.</summary>
    public static readonly TimeSpan OrphanAge = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Makes an attempt at the intent, if one is due.</summary>
    public async Task DeliverAsync(OutboxAddress address, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await outbox.FindAsync(address, ct) is not { } intent)
        {
            await ForgetAsync(address, ct);
        }
        else if (intent.DueAt > now)
        {
            // Another is at it, or it failed a moment ago. The timer comes again.
        }
        else if (now >= intent.GiveUpAt)
        {
            await GiveUpAsync(intent, "too late", ct);
        }
        else
        {
            var claimed = intent with { Attempts = intent.Attempts + 1, DueAt = now + WaitAfter(intent.Attempts + 1) };
            if (await outbox.ReplaceAsync(claimed, ct) is Commit.Done(var etags))
            {
                await AttemptAsync(claimed with { ETag = etags[0] }, ct);
            }
        }
    }

    /// <summary>How long after the n-th attempt the next may be made: 1 minute, doubling to an hour.</summary>
    public static TimeSpan WaitAfter(int attempts) =>
        TimeSpan.FromMinutes(Math.Min(LongestWait.TotalMinutes, FirstWait.TotalMinutes * Math.Pow(2, Math.Min(attempts - 1, 10))));

    private async Task AttemptAsync(OutboxRow intent, CancellationToken ct)
    {
        var outcome = deliveries.FirstOrDefault(d => d.Kind == intent.Kind) is not { } delivery
            ? new DeliveryOutcome.Rejected("unknown kind")
            : outbox.Unseal(intent) is not { } payload
                ? new DeliveryOutcome.Rejected("the key that sealed it is gone")
                : await delivery.DeliverAsync(intent, payload, ct);
        switch (outcome)
        {
            case DeliveryOutcome.Done(var e):
                await StrikeOffAsync(intent, e, ct);
                break;

            case DeliveryOutcome.Failed(var reason) when intent.Attempts < MaxAttempts && intent.DueAt < intent.GiveUpAt:
                LogFailed(logger, intent.Kind, intent.Address.Id, intent.Attempts, reason);
                break;

            case DeliveryOutcome.Failed(var reason):
                await GiveUpAsync(intent, reason, ct);
                break;

            case DeliveryOutcome.Rejected(var reason):
                await GiveUpAsync(intent, reason, ct);
                break;
        }
    }

    private async Task StrikeOffAsync(OutboxRow intent, AuditEvent? e, CancellationToken ct)
    {
        await outbox.TableOf(intent.Address).CommitAsync([outbox.Delete(intent), .. EventsOf(intent, e)], ct);
        if (await index.FindAsync(intent.Address.Id, ct) is { } announced)
        {
            await index.DeleteAsync(announced, ct);
        }
    }

    /// <summary>
    /// Removes the announcement of an intent that is not there: it is done, or its change did not come about. Only an old one: a young one may
    /// be of a change that is just being committed.
    /// </summary>
    private async Task ForgetAsync(OutboxAddress address, CancellationToken ct)
    {
        if (await index.FindAsync(address.Id, ct) is { } announced && announced.CreatedAt + OrphanAge <= clock.GetUtcNow())
        {
            await index.DeleteAsync(announced, ct);
        }
    }

    private async Task GiveUpAsync(OutboxRow intent, string reason, CancellationToken ct)
    {
        LogGivenUp(logger, intent.Kind, intent.Address.Id, intent.Attempts, reason);
        if (await index.FindAsync(intent.Address.Id, ct) is { } announced)
        {
            // First: what operators see must not get lost. A row that a crash leaves behind here is the purge's.
            var failed = new FailedIntent(intent.Address.Id, intent.Kind, intent.CreatedAt, clock.GetUtcNow(), intent.Attempts, reason);
            await index.FailAsync(announced, failed, ct);
        }

        await outbox.TableOf(intent.Address).CommitAsync(
            [outbox.Delete(intent), .. EventsOf(intent, new(EventKinds.DeliveryFailed) { Reason = $"{intent.Kind}: {reason}" })], ct);
    }

    /// <summary>The audit trail is the users'; a registration that waits has none.</summary>
    private IEnumerable<Change> EventsOf(OutboxRow intent, AuditEvent? e) =>
        e is not null && intent.Address.Table == TableNames.Users ? [events.Add(intent.Address.Partition, e)] : [];

    [LoggerMessage(1, LogLevel.Warning, "Attempt {Attempts} at {Kind} {Intent} failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string kind, string intent, int attempts, string reason);

    [LoggerMessage(2, LogLevel.Error, "Gave up {Kind} {Intent} after {Attempts} attempts: {Reason}")]
    private static partial void LogGivenUp(ILogger logger, string kind, string intent, int attempts, string reason);
}
