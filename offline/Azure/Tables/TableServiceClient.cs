using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage;

namespace Azure.Data.Tables;

/// <summary>The table service of one storage account. All its table clients share one pipeline.</summary>
public class TableServiceClient
{
    private const string StorageScope = "https://storage.azure.com/.default";

    private readonly TableProtocol protocol;

    /// <summary>For tests that derive from the client.</summary>
    protected TableServiceClient()
    {
    }

    /// <summary>Signs with the shared key of a connection string; <c>UseDevelopmentStorage=true</c> means Azurite on its usual port.</summary>
    public TableServiceClient(string connectionString, TableClientOptions options = null)
    {
        var account = StorageAccount.Parse(connectionString, "Table");
        protocol = new TableProtocol(account.Endpoint, new SharedKeyLitePolicy(account.Name, account.Key), options);
    }

    /// <summary>Sends a bearer token of the credential; the endpoint must be https.</summary>
    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        protocol = new TableProtocol(endpoint, new BearerTokenAuthenticationPolicy(tokenCredential, StorageScope), options);
    }

    /// <summary>A client for one table, which need not exist yet.</summary>
    public virtual TableClient GetTableClient(string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        return new TableClient(tableName, protocol);
    }
}
