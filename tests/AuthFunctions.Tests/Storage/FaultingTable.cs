using System.Runtime.CompilerServices;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;

namespace AuthFunctions.Tests.Storage;

/// <summary>What goes wrong with a commit.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It lands, but the answer is lost: an <see cref="OutageException"/>.</summary>
    CommitThenFail,

    /// <summary>It lands, the answer is lost, and the client library's next try meets its own rows: a conflict at 0.</summary>
    CommitThenConflict,

    /// <summary>It does not land: an <see cref="OutageException"/>.</summary>
    FailBeforeCommit,
}

/// <summary>A table whose commits and reads can be made to fail. Stands below <see cref="ConfirmingTable"/>.</summary>
internal sealed class FaultingTable(ITable inner) : ITable
{
    /// <summary>The fault of the next commit that <see cref="When"/> picks; spent by it.</summary>
    public Fault NextCommit { get; set; }

    /// <summary>Which commits the fault is for; all by default.</summary>
    public Func<IReadOnlyList<Change>, bool> When { get; set; } = _ => true;

    /// <summary>How many of the commits that <see cref="When"/> picks pass before the fault strikes; 0 by default.</summary>
    public int Skip { get; set; }

    /// <summary>Runs after a commit landed and before its fault is reported: what others do meanwhile.</summary>
    public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;

    /// <summary>Runs when a scan has read its rows and before it hands out the first: what others do meanwhile.</summary>
    public Func<Task> Scanned { get; set; } = () => Task.CompletedTask;

    /// <summary>Whether reads fail with an <see cref="OutageException"/>, until set back.</summary>
    public bool ReadsFail { get; set; }

    public Task<Row?> FindAsync(string partition, string key, CancellationToken ct) =>
        ReadsFail ? throw Outage("read") : inner.FindAsync(partition, key, ct);

    public IAsyncEnumerable<Row> RangeAsync(string partition, string from, string before, CancellationToken ct) =>
        ReadAsync(inner.RangeAsync(partition, from, before, ct), ct);

    public async IAsyncEnumerable<Row> ScanAsync(DateTimeOffset expiredBefore, [EnumeratorCancellation] CancellationToken ct)
    {
        var rows = await ReadAsync(inner.ScanAsync(expiredBefore, ct), ct).ToListAsync(ct);
        await Scanned();
        foreach (var row in rows)
        {
            yield return row;
        }
    }

    public async Task<Commit> CommitAsync(IReadOnlyList<Change> changes, CancellationToken ct)
    {
        var fault = Strikes(changes);
        if (fault is Fault.FailBeforeCommit)
        {
            throw Outage("commit");
        }

        var outcome = await inner.CommitAsync(changes, ct);
        if (fault is Fault.None)
        {
            return outcome;
        }

        await Meanwhile();
        return fault is Fault.CommitThenConflict ? new Commit.Conflict(0) : throw Outage("answer");
    }

    private Fault Strikes(IReadOnlyList<Change> changes)
    {
        if (NextCommit is Fault.None || !When(changes) || Skip-- > 0)
        {
            return Fault.None;
        }

        var fault = NextCommit;
        NextCommit = Fault.None;
        Skip = 0;
        return fault;
    }

    private async IAsyncEnumerable<Row> ReadAsync(IAsyncEnumerable<Row> rows, [EnumeratorCancellation] CancellationToken ct)
    {
        if (ReadsFail)
        {
            throw Outage("read");
        }

        await foreach (var row in rows.WithCancellation(ct))
        {
            yield return row;
        }
    }

    private static OutageException Outage(string what) => new($"faulted {what}");
}
