using System.Runtime.CompilerServices;
using AuthFunctions.Telemetry;

namespace AuthFunctions.Storage;

/// <summary>Measures what a table is asked. Stands directly above the real one, so that retries of a commit's confirmation count too.</summary>
public sealed class MeasuredTable(ITable inner, string name) : ITable
{
    /// <inheritdoc/>
    public Task<Row?> FindAsync(string partition, string key, CancellationToken ct) =>
        AuthTelemetry.OnTableAsync("find", name, () => inner.FindAsync(partition, key, ct));

    /// <inheritdoc/>
    public IAsyncEnumerable<Row> RangeAsync(string partition, string from, string before, CancellationToken ct) =>
        MeasureAsync("range", inner.RangeAsync(partition, from, before, ct), ct);

    /// <inheritdoc/>
    public IAsyncEnumerable<Row> ScanAsync(DateTimeOffset expiredBefore, CancellationToken ct) =>
        MeasureAsync("scan", inner.ScanAsync(expiredBefore, ct), ct);

    /// <inheritdoc/>
    public Task<Commit> CommitAsync(IReadOnlyList<Change> changes, CancellationToken ct) =>
        AuthTelemetry.OnTableAsync("commit", name, () => inner.CommitAsync(changes, ct));

    /// <summary>The first page is what is measured: more than one is rare but in the purge.</summary>
    private async IAsyncEnumerable<Row> MeasureAsync(string operation, IAsyncEnumerable<Row> rows, [EnumeratorCancellation] CancellationToken ct)
    {
        var (all, first) = (rows.GetAsyncEnumerator(ct), true);
        await using (all)
        {
            while (first ? await AuthTelemetry.OnTableAsync(operation, name, () => all.MoveNextAsync().AsTask()) : await all.MoveNextAsync())
            {
                first = false;
                yield return all.Current;
            }
        }
    }
}
