using AuthFunctions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.SigningKeys;

/// <summary>Table <c>SigningKeys</c>: PartitionKey = the source, RowKey = <c>current</c>.</summary>
public sealed class SigningKeyStore([FromKeyedServices(TableNames.SigningKeys)] ITable keys)
{
    private const string Partition = "development";
    private const string RowKey = "current";

    /// <summary>The development key in PKCS #8, or null if there is none.</summary>
    public async Task<byte[]?> FindDevelopmentKeyAsync(CancellationToken ct) => (await keys.FindAsync(Partition, RowKey, ct))?.Bytes("Pkcs8");

    /// <summary>Stores the development key. A conflict if there is one.</summary>
    public Task<Commit> AddDevelopmentKeyAsync(byte[] pkcs8, CancellationToken ct) =>
        keys.CommitAsync([new Change.Add(new Row(Partition, RowKey, Columns.Of(("Pkcs8", pkcs8))))], ct);
}
