namespace AuthFunctions.Storage;

/// <summary>A table of rows, kept in partitions; the one seam between the service and its storage.</summary>
public interface ITable
{
    /// <summary>The row under both keys, or null if there is none.</summary>
    Task<Row?> FindAsync(string partition, string key, CancellationToken ct);

    /// <summary>
    /// The rows of one partition with <paramref name="from"/> ≤ key &lt; <paramref name="before"/>, in ordinal order of their keys.
    /// </summary>
    IAsyncEnumerable<Row> RangeAsync(string partition, string from, string before, CancellationToken ct);

    /// <summary>The rows of all partitions whose <see cref="Row.ExpiresAt"/> is earlier. Reads the whole table: for the nightly purge only.</summary>
    IAsyncEnumerable<Row> ScanAsync(DateTimeOffset expiredBefore, CancellationToken ct);

    /// <summary>Makes all changes or none. They must lie in one partition, at most 100, each row at most once.</summary>
    Task<Commit> CommitAsync(IReadOnlyList<Change> changes, CancellationToken ct);
}
