namespace AuthFunctions.Storage;

/// <summary>Settings <c>Storage</c>: the connection string, or both endpoints.</summary>
public sealed class StorageOptions
{
    /// <summary>The settings section.</summary>
    public const string Section = "Storage";

    /// <summary>A connection string with a key, for Azurite. Refused outside Development, where the account takes no keys.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The table endpoint of the account, reached with the deployment's identity: <c>https://name.table.core.windows.net</c>.</summary>
    public Uri? TableUri { get; set; }

    /// <summary>The queue endpoint of the same account: <c>https://name.queue.core.windows.net</c>.</summary>
    public Uri? QueueUri { get; set; }
}
