using Azure;

namespace AuthFunctions.Storage;

/// <summary>One row of a table. Column values are string, bool, int, long, double, Guid, DateTimeOffset (UTC) or byte[].</summary>
/// <param name="Partition">PartitionKey: at most 512 characters, none of <c>/ \ # ?</c> and no control characters.</param>
/// <param name="Key">RowKey, under the same rule.</param>
/// <param name="Columns">The columns besides the keys; at most 251 of the service's 252, because <see cref="ConfirmingTable"/> adds one.</param>
/// <param name="ETag">The version that was read; default on a row that was not read.</param>
public sealed record Row(string Partition, string Key, IReadOnlyDictionary<string, object> Columns, ETag ETag = default)
{
    /// <summary>The column by which the nightly purge finds expired rows (DateTimeOffset). A row without it is kept.</summary>
    public const string ExpiresAt = "ExpiresAt";
}
