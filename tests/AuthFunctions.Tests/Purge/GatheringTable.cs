using AuthFunctions.Storage;

namespace AuthFunctions.Tests.Purge;

/// <summary>Keeps commits waiting until so many are under way, and tells how many there were at most.</summary>
internal sealed class GatheringTable(ITable inner, int expected) : ITable
{
    private readonly TaskCompletionSource gathered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock guard = new();
    private int running;

    public ITable Inner => inner;

    public int Most { get; private set; }

    public Task<Row?> FindAsync(string partition, string key, CancellationToken ct) => inner.FindAsync(partition, key, ct);

    public IAsyncEnumerable<Row> RangeAsync(string partition, string from, string before, CancellationToken ct) =>
        inner.RangeAsync(partition, from, before, ct);

    public IAsyncEnumerable<Row> ScanAsync(DateTimeOffset expiredBefore, CancellationToken ct) => inner.ScanAsync(expiredBefore, ct);

    public async Task<Commit> CommitAsync(IReadOnlyList<Change> changes, CancellationToken ct)
    {
        lock (guard)
        {
            Most = Math.Max(Most, ++running);
            if (running == expected)
            {
                gathered.TrySetResult();
            }
        }

        await gathered.Task.WaitAsync(TimeSpan.FromSeconds(30), ct);
        var commit = await inner.CommitAsync(changes, ct);
        lock (guard)
        {
            running--;
        }

        return commit;
    }
}
