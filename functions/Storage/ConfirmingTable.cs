using System.Security.Cryptography;
using AuthFunctions.Protocol;

namespace AuthFunctions.Storage;

/// <summary>
/// Makes the outcome of a commit certain. A write may have landed although its answer was lost; the client library's next
/// try then meets its own row and reports a conflict. So each commit stamps a random operation id on the rows it writes, and
/// after a conflict or an outage looks whether they bear it. Checks <see cref="TableLimits"/> first.
/// </summary>
/// <remarks>
/// Deleted rows bear nothing: a commit of deletes alone counts as landed when its rows are gone, whoever deleted them.
/// What must be consumed once therefore needs a written row in the same commit.
/// </remarks>
public sealed class ConfirmingTable(ITable inner) : ITable
{
    /// <summary>The column that holds the operation id (Guid). Stores neither write nor see it.</summary>
    public const string OperationId = "OperationId";

    /// <inheritdoc/>
    public async Task<Row?> FindAsync(string partition, string key, CancellationToken ct) =>
        await inner.FindAsync(partition, key, ct) is { } row ? Strip(row) : null;

    /// <inheritdoc/>
    public IAsyncEnumerable<Row> RangeAsync(string partition, string from, string before, CancellationToken ct) =>
        inner.RangeAsync(partition, from, before, ct).Select(Strip);

    /// <inheritdoc/>
    public IAsyncEnumerable<Row> ScanAsync(DateTimeOffset expiredBefore, CancellationToken ct) =>
        inner.ScanAsync(expiredBefore, ct).Select(Strip);

    /// <inheritdoc/>
    /// <remarks>
    /// Where the answer was lost, the ETags of rows that another commit has rewritten since are default.
    /// </remarks>
    public async Task<Commit> CommitAsync(IReadOnlyList<Change> changes, CancellationToken ct)
    {
        TableLimits.Check(changes);
        var id = NewId();
        Commit outcome;
        try
        {
            outcome = await inner.CommitAsync([.. changes.Select(c => Stamp(c, id))], ct);
        }
        catch (OutageException outage)
        {
            if (await LookAsync(changes, id, outage, ct) is { } landed)
            {
                return landed;
            }

            throw;
        }

        return outcome is Commit.Conflict ? await LookAsync(changes, id, outage: null, ct) ?? outcome : outcome;
    }

    /// <summary>What the rows say: done, or null if nothing shows that the commit landed.</summary>
    private async Task<Commit?> LookAsync(IReadOnlyList<Change> changes, Guid id, OutageException? outage, CancellationToken ct)
    {
        Row?[] rows;
        try
        {
            rows = await Task.WhenAll(changes.Select(c => inner.FindAsync(c.Partition, c.Key, ct)));
        }
        catch (OutageException) when (outage is not null)
        {
            return null;
        }

        // One row that bears the id suffices: a commit lands whole, and others may have rewritten or deleted the rest since.
        var landed = changes.All(c => c is Change.Delete) ? rows.All(r => r is null) : rows.Any(Bears);
        return landed ? new Commit.Done([.. rows.Select(r => Bears(r) ? r!.ETag : default)]) : null;

        bool Bears(Row? row) => row is not null && row.Columns.TryGetValue(OperationId, out var stamp) && id.Equals(stamp);
    }

    private static Change Stamp(Change change, Guid id) => change switch
    {
        Change.Add add => new Change.Add(Stamp(add.Row, id)),
        Change.Replace replace => new Change.Replace(Stamp(replace.Row, id)),
        _ => change,
    };

    private static Row Stamp(Row row, Guid id) =>
        row with { Columns = new Dictionary<string, object>(row.Columns, StringComparer.Ordinal) { [OperationId] = id } };

    private static Row Strip(Row row)
    {
        if (!row.Columns.ContainsKey(OperationId))
        {
            return row;
        }

        var columns = new Dictionary<string, object>(row.Columns, StringComparer.Ordinal);
        columns.Remove(OperationId);
        return row with { Columns = columns };
    }

    private static Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return new Guid(bytes);
    }
}
