using System.Security.Cryptography;
using AuthFunctions.Protocol;
using Microsoft.IdentityModel.Tokens;

namespace AuthFunctions.SigningKeys;

/// <summary>One ES256 key: its public half at hand, its private half wherever the source keeps it.</summary>
public abstract class SigningKey
{
    protected SigningKey(ECDsa publicKey)
    {
        PublicJwk = Jwk.Of(publicKey);
        VerificationKey = new ECDsaSecurityKey(ECDsa.Create(publicKey.ExportParameters(includePrivateParameters: false))) { KeyId = PublicJwk.Kid };
    }

    /// <summary>What JWKS shows.</summary>
    public Jwk PublicJwk { get; }

    /// <summary>The RFC 7638 thumbprint.</summary>
    public string Kid => PublicJwk.Kid;

    /// <summary>The public half, for checking signatures here.</summary>
    public SecurityKey VerificationKey { get; }

    /// <summary>The signature of a SHA-256 digest: R and S, 64 bytes (RFC 7518 §3.4).</summary>
    /// <exception cref="OutageException">The key cannot be reached.</exception>
    public abstract ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken ct);
}

/// <summary>A key whose private half is in this process.</summary>
public sealed class LocalSigningKey : SigningKey
{
    private readonly ECDsa key;

    /// <summary>Takes the key over.</summary>
    public LocalSigningKey(ECDsa key)
        : base(key) => this.key = key;

    /// <inheritdoc/>
    public override ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken ct) => ValueTask.FromResult(key.SignHash(digest.Span));
}
