using System.Security.Cryptography;
using AuthFunctions.Protocol;

namespace AuthFunctions.SigningKeys;

/// <summary>One P-256 key, made on first use and kept in the clear, so that tokens outlive a restart of the local service.</summary>
public sealed class DevelopmentKeys(SigningKeyStore store) : IKeySource
{
    /// <inheritdoc/>
    public async Task<KeySet> LoadAsync(CancellationToken ct)
    {
        if (await store.FindDevelopmentKeyAsync(ct) is not { } pkcs8)
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            await store.AddDevelopmentKeyAsync(made.ExportPkcs8PrivateKey(), ct);

            // Whether or not this one came first: the stored one is the key.
            pkcs8 = await store.FindDevelopmentKeyAsync(ct) ?? throw new OutageException("table SigningKeys");
        }

        var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(pkcs8, out _);
        var key = new LocalSigningKey(ecdsa);
        return new KeySet(key, [key], DateTimeOffset.MaxValue);
    }
}
