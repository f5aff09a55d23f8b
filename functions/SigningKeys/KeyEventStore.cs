using System.Globalization;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.SigningKeys;

/// <summary>Something an operator did to the signing keys.</summary>
/// <param name="At">When.</param>
/// <param name="Kind"><c>key_rotated</c> or <c>key_retired</c>.</param>
/// <param name="Kid">Which key, or null.</param>
/// <param name="ClientId">The operator's client.</param>
public sealed record KeyEvent(DateTimeOffset At, string Kind, string? Kid, string ClientId);

/// <summary>
/// Rows <c>event_{reverse ticks}_{random}</c> of table <c>SigningKeys</c> (PartitionKey = <c>events</c>), newest first. Kept for good: they
/// are few.
/// </summary>
public sealed class KeyEventStore([FromKeyedServices(TableNames.SigningKeys)] ITable keys, TimeProvider clock)
{
    private const string Partition = "events";
    private const int MaxListed = 50;

    /// <summary>
    /// Records an event. The keys may be in a vault, so it cannot be one transaction with what it tells of; it is written after it.
    /// </summary>
    public Task AddAsync(string kind, string? kid, string clientId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var key = $"event_{(DateTime.MaxValue.Ticks - now.UtcTicks).ToString("D19", CultureInfo.InvariantCulture)}_{Id.New()}";
        var row = new Row(Partition, key, Columns.Of(("At", now), ("Kind", kind), ("Kid", kid), ("ClientId", clientId)));
        return keys.CommitAsync([new Change.Add(row)], ct);
    }

    /// <summary>The latest events.</summary>
    public async Task<IReadOnlyList<KeyEvent>> ListAsync(CancellationToken ct)
    {
        var events = new List<KeyEvent>();
        await foreach (var row in keys.RangeAsync(Partition, "event_", "event`", ct))
        {
            events.Add(new KeyEvent(row.Time("At"), row.Text("Kind"), row.OptionalText("Kid"), row.Text("ClientId")));
            if (events.Count == MaxListed)
            {
                break;
            }
        }

        return events;
    }
}
