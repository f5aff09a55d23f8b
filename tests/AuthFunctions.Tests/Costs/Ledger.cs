using System.Runtime.CompilerServices;
using AuthFunctions.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Tests.Costs;

/// <summary>A row that a flow leaves behind.</summary>
/// <param name="Kind">Table and kind of row.</param>
/// <param name="Bytes">What it takes, as the service counts.</param>
/// <param name="Lifetime">After which the purge may delete it; null if it stays.</param>
internal sealed record StoredRow(string Kind, int Bytes, TimeSpan? Lifetime);

/// <summary>What was asked of Azure, as Azure bills it.</summary>
internal sealed record Operations
{
    /// <summary>HTTP requests that the app was asked.</summary>
    public required int Requests { get; init; }

    public required int PointReads { get; init; }

    /// <summary>Queries of a range and scans; each page of at most a thousand rows is one.</summary>
    public required int Queries { get; init; }

    public required int Transactions { get; init; }

    /// <summary>Rows written or deleted in them.</summary>
    public required int Entities { get; init; }

    /// <summary>Messages put into the queue.</summary>
    public int Messages { get; init; }

    /// <summary>Signatures of the vault.</summary>
    public int Signatures { get; init; }

    /// <summary>Everything else asked of the vault.</summary>
    public int VaultCalls { get; init; }

    /// <summary>Rows read or written in each partition, by <c>table partition</c>.</summary>
    public required IReadOnlyDictionary<string, int> Partitions { get; init; }

    /// <summary>What is there afterwards and was not before.</summary>
    public required IReadOnlyList<StoredRow> Rows { get; init; }

    /// <summary>Whether two runs cost the same.</summary>
    public bool Equals(Operations? other) => other is not null && Billed == other.Billed && Rows.SequenceEqual(other.Rows);

    public override int GetHashCode() => Billed.GetHashCode();

    /// <summary>Operations of table storage. Each row of a transaction counts: the dearest way to read the price list.</summary>
    public int TableOperations => PointReads + Queries + Entities;

    private (int Requests, int PointReads, int Queries, int Transactions, int Entities, int Messages, int Signatures, int VaultCalls) Billed =>
        (Requests, PointReads, Queries, Transactions, Entities, Messages, Signatures, VaultCalls);
}

/// <summary>Counts what the instances of a deployment ask of their tables, and what they are asked.</summary>
internal sealed class Ledger(TimeProvider clock) : IStartupFilter
{
    private const int PageSize = 1000;

    private readonly Lock guard = new();
    private readonly Dictionary<string, int> partitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredRow> rows = new(StringComparer.Ordinal);
    private int requests;
    private int pointReads;
    private int queries;
    private int transactions;
    private int entities;

    /// <summary>What was counted since the last time. Nothing may be under way.</summary>
    public Operations Take()
    {
        lock (guard)
        {
            var taken = new Operations
            {
                Requests = requests,
                PointReads = pointReads,
                Queries = queries,
                Transactions = transactions,
                Entities = entities,
                Partitions = new Dictionary<string, int>(partitions, StringComparer.Ordinal),
                Rows = [.. rows.Values.OrderBy(r => r.Kind, StringComparer.Ordinal).ThenBy(r => r.Bytes)],
            };
            requests = pointReads = queries = transactions = entities = 0;
            partitions.Clear();
            rows.Clear();
            return taken;
        }
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((RequestDelegate rest) => http =>
        {
            Interlocked.Increment(ref requests);
            return rest(http);
        });
        next(app);
    };

    /// <summary>A table whose use is counted. Stands below the one that confirms, so that it sees what goes over the wire.</summary>
    public ITable Over(string name, ITable inner) => new Table(this, name, inner);

    private void Read(string partition)
    {
        lock (guard)
        {
            pointReads++;
            Touch(partition, 1);
        }
    }

    private void Query(string? partition, int found)
    {
        lock (guard)
        {
            queries += Math.Max(1, (found + PageSize - 1) / PageSize);
            if (partition is not null)
            {
                Touch(partition, found);
            }
        }
    }

    private void Written(string table, IReadOnlyList<Change> changes)
    {
        lock (guard)
        {
            transactions++;
            entities += changes.Count;
            Touch($"{table} {changes[0].Partition}", changes.Count);
            foreach (var change in changes)
            {
                var key = $"{table} {change.Partition} {change.Key}";
                if (change is Change.Add(var row))
                {
                    rows[key] = new StoredRow($"{table} {Approved.RecordingTable.KindOf(row.Key)}", RowSize.Of(row), LifetimeOf(row));
                }
                else if (change is Change.Delete)
                {
                    rows.Remove(key);
                }
            }
        }
    }

    private TimeSpan? LifetimeOf(Row row) => row.Columns.TryGetValue(Row.ExpiresAt, out var at) ? (DateTimeOffset)at - clock.GetUtcNow() : null;

    private void Touch(string partition, int count) => partitions[partition] = partitions.GetValueOrDefault(partition) + count;

    private sealed class Table(Ledger ledger, string name, ITable inner) : ITable
    {
        public Task<Row?> FindAsync(string partition, string key, CancellationToken ct)
        {
            ledger.Read($"{name} {partition}");
            return inner.FindAsync(partition, key, ct);
        }

        public IAsyncEnumerable<Row> RangeAsync(string partition, string from, string before, CancellationToken ct) =>
            CountedAsync($"{name} {partition}", inner.RangeAsync(partition, from, before, ct), ct);

        public IAsyncEnumerable<Row> ScanAsync(DateTimeOffset expiredBefore, CancellationToken ct) =>
            CountedAsync(null, inner.ScanAsync(expiredBefore, ct), ct);

        public async Task<Commit> CommitAsync(IReadOnlyList<Change> changes, CancellationToken ct)
        {
            var commit = await inner.CommitAsync(changes, ct);
            ledger.Written(name, changes);
            return commit;
        }

        private async IAsyncEnumerable<Row> CountedAsync(
            string? partition, IAsyncEnumerable<Row> found, [EnumeratorCancellation] CancellationToken ct)
        {
            var all = await found.ToListAsync(ct);
            ledger.Query(partition, all.Count);
            foreach (var row in all)
            {
                yield return row;
            }
        }
    }
}
