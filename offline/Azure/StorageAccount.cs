namespace Azure.Storage;

/// <summary>What a storage connection string says about one of the account's services.</summary>
internal sealed record StorageAccount(string Name, byte[] Key, Uri Endpoint)
{
    // The account every storage emulator has; its key is published and opens nothing else.
    private const string Development =
        "AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + "QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1;"
        + "TableEndpoint=http://127.0.0.1:10002/devstoreaccount1";

    /// <param name="connectionString">The connection string.</param>
    /// <param name="service"><c>Table</c> or <c>Queue</c>.</param>
    public static StorageAccount Parse(string connectionString, string service)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var settings = Settings(connectionString);
        if (settings.TryGetValue("UseDevelopmentStorage", out var development) && bool.Parse(development))
        {
            settings = Settings(Development);
        }

        if (!settings.TryGetValue("AccountName", out var name) || !settings.TryGetValue("AccountKey", out var key))
        {
            throw new FormatException("A connection string needs AccountName and AccountKey.");
        }

        var endpoint = settings.GetValueOrDefault(service + "Endpoint")
            ?? $"{settings.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{name}.{service.ToLowerInvariant()}."
                + settings.GetValueOrDefault("EndpointSuffix", "core.windows.net");
        return new StorageAccount(name, Convert.FromBase64String(key), new Uri(endpoint));
    }

    private static Dictionary<string, string> Settings(string connectionString)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // A base64 key may end in '=', so only the first one separates.
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new FormatException("A connection string consists of name=value pairs, separated by ';'.");
            }

            settings[part[..equals]] = part[(equals + 1)..];
        }

        return settings;
    }
}
