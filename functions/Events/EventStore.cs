using System.Globalization;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Events;

/// <summary>
/// Rows <c>event_{reverse ticks}_{random}</c> of table <c>Users</c> (PartitionKey = user id), newest first.
/// Written in the transaction of the change they tell of, so they can neither be lost nor lie.
/// </summary>
public sealed class EventStore([FromKeyedServices(TableNames.Users)] ITable users, TimeProvider clock, IOptions<EventsOptions> options)
{
    private const string Prefix = "event_";

    /// <summary>A user's latest events, newest first.</summary>
    public ValueTask<List<PastEvent>> LatestAsync(string userId, int count, CancellationToken ct) =>
        users.RangeAsync(userId, Prefix, "event`", ct).Take(count).Select(Read).ToListAsync(ct);

    /// <summary>The change that records an event; committed by the service with what it tells of.</summary>
    public Change Add(string userId, AuditEvent e)
    {
        var now = clock.GetUtcNow();
        var reverseTicks = (DateTime.MaxValue.Ticks - now.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);
        return new Change.Add(new Row(userId, $"{Prefix}{reverseTicks}_{Id.New()}", Columns.Of(
            ("Kind", e.Kind), ("At", now), ("Site", e.Site), ("SessionId", e.SessionId), ("ClientId", e.ClientId), ("Reason", e.Reason),
            (Row.ExpiresAt, now + options.Value.Retention))));
    }

    private static PastEvent Read(Row row) => new(row.Time("At"), new AuditEvent(row.Text("Kind"))
    {
        Site = row.OptionalText("Site"),
        SessionId = row.OptionalText("SessionId"),
        ClientId = row.OptionalText("ClientId"),
        Reason = row.OptionalText("Reason"),
    });
}
