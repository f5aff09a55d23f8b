using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Tokens;

/// <summary>
/// Table <c>DpopProofs</c>: PartitionKey = hash of key and <c>jti</c>, RowKey = <c>used</c>. Each proof counts once (RFC 9449 §11.1).
/// </summary>
public sealed class DpopProofStore([FromKeyedServices(TableNames.DpopProofs)] ITable proofs)
{
    /// <summary>False if this proof was used before.</summary>
    public async Task<bool> TryUseAsync(DpopProof proof, DateTimeOffset expiresAt, CancellationToken ct)
    {
        var partition = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{proof.KeyThumbprint}\n{proof.TokenId}")));
        return await proofs.CommitAsync([new Change.Add(new Row(partition, "used", Columns.Of((Row.ExpiresAt, expiresAt))))], ct) is Commit.Done;
    }
}
