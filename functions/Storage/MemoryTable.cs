using System.Globalization;
using Azure;

namespace AuthFunctions.Storage;

/// <summary>A table in memory, with the outcomes of <see cref="AzureTable"/>. For tests, and for a run whose data need not last.</summary>
public sealed class MemoryTable : ITable
{
    private readonly Lock guard = new();
    private readonly SortedDictionary<string, SortedDictionary<string, Row>> partitions = new(StringComparer.Ordinal);
    private long version;

    /// <inheritdoc/>
    public Task<Row?> FindAsync(string partition, string key, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (guard)
        {
            return Task.FromResult(Current(partition, key) is { } row ? Copy(row, row.ETag) : null);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Row> RangeAsync(string partition, string from, string before, CancellationToken ct) =>
        Read(() => partitions.TryGetValue(partition, out var rows)
            ? rows.Values.Where(r => string.CompareOrdinal(r.Key, from) >= 0 && string.CompareOrdinal(r.Key, before) < 0)
            : [])
        .ToAsyncEnumerable();

    /// <inheritdoc/>
    public IAsyncEnumerable<Row> ScanAsync(DateTimeOffset expiredBefore, CancellationToken ct) =>
        Read(() => partitions.Values.SelectMany(rows => rows.Values)
            .Where(r => r.Columns.GetValueOrDefault(Row.ExpiresAt) is DateTimeOffset expiresAt && expiresAt < expiredBefore))
        .ToAsyncEnumerable();

    /// <inheritdoc/>
    public Task<Commit> CommitAsync(IReadOnlyList<Change> changes, CancellationToken ct)
    {
        TableLimits.CheckPreconditions(changes);
        ct.ThrowIfCancellationRequested();
        lock (guard)
        {
            for (var i = 0; i < changes.Count; i++)
            {
                if (!Holds(changes[i]))
                {
                    return Task.FromResult<Commit>(new Commit.Conflict(i));
                }
            }

            return Task.FromResult<Commit>(new Commit.Done([.. changes.Select(Apply)]));
        }
    }

    private Row? Current(string partition, string key) =>
        partitions.TryGetValue(partition, out var rows) && rows.TryGetValue(key, out var row) ? row : null;

    private bool Holds(Change change) => change switch
    {
        Change.Add => Current(change.Partition, change.Key) is null,
        Change.Replace replace => Current(change.Partition, change.Key)?.ETag == replace.Row.ETag,
        Change.Delete delete => Current(change.Partition, change.Key)?.ETag == delete.ETag,
        _ => throw new ArgumentException($"There is no change {change.GetType().Name}.", nameof(change)),
    };

    private ETag Apply(Change change)
    {
        switch (change)
        {
            case Change.Add add:
                return Store(add.Row);
            case Change.Replace replace:
                return Store(replace.Row);
            default:
                var rows = partitions[change.Partition];
                rows.Remove(change.Key);
                if (rows.Count == 0)
                {
                    partitions.Remove(change.Partition);
                }

                return default;
        }
    }

    private ETag Store(Row row)
    {
        var etag = new ETag(string.Create(CultureInfo.InvariantCulture, $"W/\"{++version}\""));
        if (!partitions.TryGetValue(row.Partition, out var rows))
        {
            partitions[row.Partition] = rows = new(StringComparer.Ordinal);
        }

        rows[row.Key] = Copy(row, etag);
        return etag;
    }

    // The rows as they are when the enumeration begins.
    private IEnumerable<Row> Read(Func<IEnumerable<Row>> query)
    {
        List<Row> rows;
        lock (guard)
        {
            rows = [.. query().Select(r => Copy(r, r.ETag))];
        }

        foreach (var row in rows)
        {
            yield return row;
        }
    }

    // Copied on the way in and out, byte arrays too: nobody may change what is stored but by a commit.
    private static Row Copy(Row row, ETag etag) => row with
    {
        Columns = row.Columns.ToDictionary(
            c => c.Key, c => c.Value is byte[] bytes ? bytes.Clone() : c.Value, StringComparer.Ordinal),
        ETag = etag,
    };
}
