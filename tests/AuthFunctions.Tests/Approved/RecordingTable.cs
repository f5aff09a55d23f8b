using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using AuthFunctions.Storage;

namespace AuthFunctions.Tests.Approved;

/// <summary>Remembers what kinds of rows are written, with which columns. Stands below <see cref="ConfirmingTable"/>, to see all that is stored.</summary>
internal sealed partial class RecordingTable(string name, ITable inner, ConcurrentQueue<RecordingTable.Written> written) : ITable
{
    /// <summary>A row that was written: its table and kind, and its columns with their types.</summary>
    public sealed record Written(string Kind, IReadOnlyDictionary<string, string> Columns);

    public Task<Row?> FindAsync(string partition, string key, CancellationToken ct) => inner.FindAsync(partition, key, ct);

    public IAsyncEnumerable<Row> RangeAsync(string partition, string from, string before, CancellationToken ct) =>
        inner.RangeAsync(partition, from, before, ct);

    public IAsyncEnumerable<Row> ScanAsync(DateTimeOffset expiredBefore, CancellationToken ct) => inner.ScanAsync(expiredBefore, ct);

    public Task<Commit> CommitAsync(IReadOnlyList<Change> changes, CancellationToken ct)
    {
        foreach (var row in changes.Select(c => c switch { Change.Add(var added) => added, Change.Replace(var replaced) => replaced, _ => null }))
        {
            if (row is not null)
            {
                written.Enqueue(new($"{name} {KindOf(row.Key)}", row.Columns.ToDictionary(c => c.Key, c => Contract.NameOf(c.Value.GetType()))));
            }
        }

        return inner.CommitAsync(changes, ct);
    }

    /// <summary>What kind of row a key is of: <c>session_{id}</c> for all sessions. A user's tombstone is a kind of its own by its columns alone.</summary>
    public static string KindOf(string key) => Prefix().Match(key) is { Success: true } match ? match.Value + "{id}" : key;

    [GeneratedRegex("^[a-z]+_")]
    private static partial Regex Prefix();
}
