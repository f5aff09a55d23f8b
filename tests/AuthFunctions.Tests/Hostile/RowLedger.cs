using System.Collections.Concurrent;
using AuthFunctions.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AuthFunctions.Tests.Hostile;

/// <summary>Counts the rows of services on tables in memory, by table and, where several kinds share one, by kind: <c>Users/session</c>.</summary>
internal sealed class RowLedger
{
    private readonly ConcurrentDictionary<string, int> rows = new(StringComparer.Ordinal);

    /// <summary>How many rows of each kind there are.</summary>
    public Dictionary<string, int> Rows => new(rows, StringComparer.Ordinal);

    /// <summary>Gives a service tables of its own, whose rows are counted here with those of others.</summary>
    public void Keep(IServiceCollection services) => services.Replace(
        ServiceDescriptor.Singleton<TableFactory>(name => new ConfirmingTable(new Table(new MemoryTable(), name, this))));

    private void Count(string table, string key, int by)
    {
        var kind = table == TableNames.Users ? $"{table}/{key.Split('_')[0]}"
            : key.StartsWith("outbox_", StringComparison.Ordinal) ? $"{table}/outbox"
            : table;
        rows.AddOrUpdate(kind, by, (_, n) => n + by);
    }

    private sealed class Table(MemoryTable inner, string name, RowLedger ledger) : ITable
    {
        public Task<Row?> FindAsync(string partition, string key, CancellationToken ct) => inner.FindAsync(partition, key, ct);

        public IAsyncEnumerable<Row> RangeAsync(string partition, string from, string before, CancellationToken ct) =>
            inner.RangeAsync(partition, from, before, ct);

        public IAsyncEnumerable<Row> ScanAsync(DateTimeOffset expiredBefore, CancellationToken ct) => inner.ScanAsync(expiredBefore, ct);

        public async Task<Commit> CommitAsync(IReadOnlyList<Change> changes, CancellationToken ct)
        {
            var commit = await inner.CommitAsync(changes, ct);
            foreach (var change in commit is Commit.Done ? changes : [])
            {
                ledger.Count(name, change.Key, change switch { Change.Add => 1, Change.Delete => -1, _ => 0 });
            }

            return commit;
        }
    }
}
