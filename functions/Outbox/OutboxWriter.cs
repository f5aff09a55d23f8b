using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Outbox;

/// <summary>An intent that is announced: its change goes into the transaction that it tells of.</summary>
public sealed record OutboxEntry(OutboxAddress Address, Change Change);

/// <summary>
/// Asks for something to be told to the outside, in three steps: announce it, commit it with the change that it tells of, wake the delivery.
/// A crash after any of them loses nothing: what was committed is found by its announcement.
/// </summary>
public sealed partial class OutboxWriter(
    OutboxStore store, OutboxIndexStore index, IQueue queue, TimeProvider clock, ILogger<OutboxWriter> logger)
{
    /// <summary>Announces an intent before its change is committed. Nothing is told of a change that does not come about.</summary>
    /// <param name="table">The table of the change.</param>
    /// <param name="partition">Its partition.</param>
    /// <param name="mail">What is to be told, and to whom.</param>
    /// <param name="patience">How long it is worth telling.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<OutboxEntry> AnnounceAsync(string table, string partition, Mail mail, TimeSpan patience, CancellationToken ct) =>
        AnnounceAsync(table, partition, OutboxKinds.Mail, mail.Write(), patience, ct);

    /// <summary>Announces another kind of intent, likewise.</summary>
    /// <param name="table">The table of the change.</param>
    /// <param name="partition">Its partition.</param>
    /// <param name="kind">One of <see cref="OutboxKinds"/>.</param>
    /// <param name="payload">What whoever does it must know.</param>
    /// <param name="patience">How long it is worth doing.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<OutboxEntry> AnnounceAsync(
        string table, string partition, string kind, string payload, TimeSpan patience, CancellationToken ct) =>
        (await AnnounceAsync(table, partition, kind, [payload], patience, ct))[0];

    /// <summary>Announces intents of one kind, in one write.</summary>
    /// <param name="table">The table of the change.</param>
    /// <param name="partition">Its partition.</param>
    /// <param name="kind">One of <see cref="OutboxKinds"/>.</param>
    /// <param name="payloads">What whoever does them must know; 1 to 100.</param>
    /// <param name="patience">How long they are worth doing.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<IReadOnlyList<OutboxEntry>> AnnounceAsync(
        string table, string partition, string kind, IReadOnlyCollection<string> payloads, TimeSpan patience, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var rows = payloads.Select(payload => new OutboxRow
        {
            Address = new OutboxAddress(table, partition, Id.New()),
            Kind = kind,
            Payload = store.Seal(payload),
            CreatedAt = now,
            GiveUpAt = now + patience,
            DueAt = now,
        }).ToList();
        await index.AddAsync(rows.Select(r => new PendingIntent(r.Address, kind, now)), ct);
        return [.. rows.Select(r => new OutboxEntry(r.Address, store.Add(r)))];
    }

    /// <summary>Asks for a mail that tells of no change: its intent is a change of its own.</summary>
    public async Task PostAsync(Mail mail, TimeSpan patience, CancellationToken ct)
    {
        var entry = await AnnounceAsync(TableNames.Outbox, Id.New(), mail, patience, ct);
        await store.TableOf(entry.Address).CommitAsync([entry.Change], ct);
        await WakeAsync(entry, ct);
    }

    /// <summary>Wakes the delivery of several, likewise.</summary>
    public Task WakeAsync(IEnumerable<OutboxEntry> entries, CancellationToken ct) => Task.WhenAll(entries.Select(e => WakeAsync(e, ct)));

    /// <summary>Wakes the delivery, once the change is committed. Nobody waits for the outside, and a queue that fails is no failure:
    /// the next round of the timer finds the intent.</summary>
    public async Task WakeAsync(OutboxEntry entry, CancellationToken ct)
    {
        try
        {
            await queue.SendAsync(entry.Address.ToString(), ct);
        }
        catch (OutageException outage)
        {
            LogNotWoken(logger, outage, entry.Address.Id);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The delivery of {Intent} could not be woken; the timer will")]
    private static partial void LogNotWoken(ILogger logger, Exception exception, string intent);
}
