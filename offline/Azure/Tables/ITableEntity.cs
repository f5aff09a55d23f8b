namespace Azure.Data.Tables;

/// <summary>What every entity of a table has.</summary>
public interface ITableEntity
{
    /// <summary>The first key.</summary>
    string PartitionKey { get; set; }

    /// <summary>The second key, unique within its partition.</summary>
    string RowKey { get; set; }

    /// <summary>When the service last wrote the entity; never sent.</summary>
    DateTimeOffset? Timestamp { get; set; }

    /// <summary>The version of the entity that was read; never sent in the body.</summary>
    ETag ETag { get; set; }
}
