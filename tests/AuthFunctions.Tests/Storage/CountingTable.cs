using System.Runtime.CompilerServices;
using AuthFunctions.Storage;

namespace AuthFunctions.Tests.Storage;

/// <summary>Tells a counter of every call. Stands on top of the other tables, so that it sees what the service asks.</summary>
internal sealed class CountingTable(ITable inner, TableCounter counter) : ITable
{
    public Task<Row?> FindAsync(string partition, string key, CancellationToken ct) =>
        counter.PointReadAsync(() => inner.FindAsync(partition, key, ct));

    public IAsyncEnumerable<Row> RangeAsync(string partition, string from, string before, CancellationToken ct) =>
        ReadAsync(all => counter.RangeReadAsync(all), inner.RangeAsync(partition, from, before, ct), ct);

    public IAsyncEnumerable<Row> ScanAsync(DateTimeOffset expiredBefore, CancellationToken ct) =>
        ReadAsync(all => counter.ScanAsync(all), inner.ScanAsync(expiredBefore, ct), ct);

    public Task<Commit> CommitAsync(IReadOnlyList<Change> changes, CancellationToken ct)
    {
        counter.Committed();
        return inner.CommitAsync(changes, ct);
    }

    // Read to the end before the first row is handed out, so that what the caller does with a row is not part of the read.
    private static async IAsyncEnumerable<Row> ReadAsync(
        Func<Func<Task<List<Row>>>, Task<List<Row>>> counted,
        IAsyncEnumerable<Row> rows,
        [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var row in await counted(() => rows.ToListAsync(ct).AsTask()))
        {
            yield return row;
        }
    }
}
