using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthFunctions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Clients;

/// <summary>
/// Table <c>ClientAssertions</c>: PartitionKey = hash of client and <c>jti</c>, RowKey = <c>used</c>. Each assertion counts once (RFC 7523
/// §3, 7).
/// </summary>
public sealed class ClientAssertionStore([FromKeyedServices(TableNames.ClientAssertions)] ITable assertions)
{
    /// <summary>False if the client has used this <c>jti</c> before.</summary>
    public async Task<bool> TryUseAsync(string clientId, string jti, DateTimeOffset expiresAt, CancellationToken ct)
    {
        var partition = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{clientId}\n{jti}")));
        return await assertions.CommitAsync([new Change.Add(new Row(partition, "used", Columns.Of((Row.ExpiresAt, expiresAt))))], ct) is Commit.Done;
    }
}
