using AuthFunctions.Storage;
using Azure;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Outbox;

/// <summary>An intent that may be waiting.</summary>
/// <param name="Address">Where its row is, if its change came about.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="CreatedAt">When it was announced.</param>
public sealed record PendingIntent(OutboxAddress Address, string Kind, DateTimeOffset CreatedAt)
{
    /// <summary>The version that was read.</summary>
    public ETag ETag { get; init; }
}

/// <summary>An intent that was given up, for operators to see.</summary>
/// <param name="Id">The intent.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="FailedAt">When it was given up.</param>
/// <param name="Attempts">How often it was begun.</param>
/// <param name="Reason">Why it failed the last time; no address, no link.</param>
public sealed record FailedIntent(string Id, string Kind, DateTimeOffset CreatedAt, DateTimeOffset FailedAt, int Attempts, string Reason);

/// <summary>
/// Partition <c>index</c> of table <c>Outbox</c>: rows <c>pending_{id}</c>, by which intents are found whose message got lost, and
/// <c>failed_{id}</c>, kept for 30 days.
/// </summary>
/// <remarks>
/// The intents lie in the partitions of what they tell of, where no query finds them without a scan, and no transaction spans both. So an
/// intent is announced here before its change is committed: a crash in between leaves a row that points at nothing and is soon removed;
/// a crash after it leaves a row that points at work to be done.
/// </remarks>
public sealed class OutboxIndexStore([FromKeyedServices(TableNames.Outbox)] ITable outbox, TimeProvider clock)
{
    private const string Partition = "index";
    private const string Pending = "pending_";
    private const string Failed = "failed_";

    private static readonly TimeSpan FailedLifetime = TimeSpan.FromDays(30);

    /// <summary>Announces intents, at most 100.</summary>
    public Task<Commit> AddAsync(IEnumerable<PendingIntent> intents, CancellationToken ct) =>
        outbox.CommitAsync([.. intents.Select(i => new Change.Add(Write(i)))], ct);

    /// <summary>The announcement of an intent, or null if there is none.</summary>
    public async Task<PendingIntent?> FindAsync(string id, CancellationToken ct) =>
        await outbox.FindAsync(Partition, Pending + id, ct) is { } row ? ReadPending(row) : null;

    /// <summary>Those that may be waiting.</summary>
    public IAsyncEnumerable<PendingIntent> PendingAsync(CancellationToken ct) =>
        outbox.RangeAsync(Partition, Pending, "pending`", ct).Select(ReadPending);

    /// <summary>Those that were given up.</summary>
    public IAsyncEnumerable<FailedIntent> FailedAsync(CancellationToken ct) =>
        outbox.RangeAsync(Partition, Failed, "failed`", ct).Select(ReadFailed);

    /// <summary>Strikes an announcement off. A conflict means that another did.</summary>
    public Task<Commit> DeleteAsync(PendingIntent intent, CancellationToken ct) =>
        outbox.CommitAsync([new Change.Delete(Partition, Pending + intent.Address.Id, intent.ETag)], ct);

    /// <summary>Puts an intent among those that were given up. A conflict means that another did.</summary>
    public Task<Commit> FailAsync(PendingIntent intent, FailedIntent failed, CancellationToken ct) => outbox.CommitAsync(
        [new Change.Delete(Partition, Pending + intent.Address.Id, intent.ETag), new Change.Add(Write(failed))], ct);

    private static Row Write(PendingIntent intent) => new(Partition, Pending + intent.Address.Id, Columns.Of(
        ("Table", intent.Address.Table), ("Partition", intent.Address.Partition), ("Kind", intent.Kind), ("CreatedAt", intent.CreatedAt)));

    private Row Write(FailedIntent intent) => new(Partition, Failed + intent.Id, Columns.Of(
        ("Kind", intent.Kind), ("CreatedAt", intent.CreatedAt), ("FailedAt", intent.FailedAt), ("Attempts", intent.Attempts),
        ("Reason", intent.Reason), (Row.ExpiresAt, clock.GetUtcNow() + FailedLifetime)));

    private static PendingIntent ReadPending(Row row) => new(
        new OutboxAddress(row.Text("Table"), row.Text("Partition"), row.Key[Pending.Length..]), row.Text("Kind"), row.Time("CreatedAt"))
    {
        ETag = row.ETag,
    };

    private static FailedIntent ReadFailed(Row row) => new(
        row.Key[Failed.Length..], row.Text("Kind"), row.Time("CreatedAt"), row.Time("FailedAt"), row.Number("Attempts"), row.Text("Reason"));
}
