using System.Globalization;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Events;

/// <summary>
/// Rows <c>event_{reverse ticks}_{random}</c> of table <c>Users</c> (PartitionKey = user id), newest first.
/// Written in the transaction of the change they tell of, so they can neither be lost nor lie.
/// </summary>
public sealed class EventStore(TimeProvider clock, IOptions<EventsOptions> options)
{
    /// <summary>The change that records an event; committed by the service with what it tells of.</summary>
    public Change Add(string userId, AuditEvent e)
    {
        var now = clock.GetUtcNow();
        var reverseTicks = (DateTime.MaxValue.Ticks - now.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);
        return new Change.Add(new Row(userId, $"event_{reverseTicks}_{Id.New()}", Columns.Of(
            ("Kind", e.Kind), ("At", now), ("Site", e.Site), ("SessionId", e.SessionId), ("ClientId", e.ClientId), ("Reason", e.Reason),
            (Row.ExpiresAt, now + options.Value.Retention))));
    }
}
