using System.Collections.Concurrent;
using System.Security.Cryptography;
using Azure.Security.KeyVault.Keys.Cryptography;
using Microsoft.Extensions.Options;

namespace AuthFunctions.SigningKeys;

/// <summary>Bytes under a data key of their own, which the vault's RSA key wraps (RSA-OAEP-256).</summary>
/// <param name="Sealed">AES-256-GCM: nonce, ciphertext, tag.</param>
/// <param name="WrappedDataKey">The data key, wrapped.</param>
/// <param name="WrappedBy">The version of the vault's key: an older one is still needed after a rotation.</param>
public sealed record Envelope(byte[] Sealed, byte[] WrappedDataKey, string WrappedBy);

/// <summary>Seals what the service keeps in tables but only the vault may open.</summary>
public sealed class KeyVaultWrapper(KeyVaultClients vault, IOptions<KeysOptions> options)
{
    private const int DataKeySize = 32;

    private readonly ConcurrentDictionary<string, CryptographyClient> clients = new(StringComparer.Ordinal);

    /// <summary>Seals with the newest version of the wrapping key.</summary>
    public async Task<Envelope> SealAsync(byte[] plain, CancellationToken ct)
    {
        var newest = await KeyVaultClients.AskAsync(
            "get", within => vault.Keys.GetKeyAsync(options.Value.WrappingKeyName, cancellationToken: within), ct);
        var dataKey = RandomNumberGenerator.GetBytes(DataKeySize);
        var keyId = newest.Value.Id.AbsoluteUri;
        var wrapped = await KeyVaultClients.AskAsync("wrap", within => For(keyId).WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, dataKey, within), ct);

        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var ciphertext = new byte[plain.Length];
        var tag = new byte[AesGcm.TagByteSizes.MaxSize];
        using var aes = new AesGcm(dataKey, tag.Length);
        aes.Encrypt(nonce, plain, ciphertext, tag);
        CryptographicOperations.ZeroMemory(dataKey);
        return new Envelope([.. nonce, .. ciphertext, .. tag], wrapped.EncryptedKey, keyId);
    }

    /// <summary>Opens what was sealed; one call to the vault.</summary>
    /// <exception cref="CryptographicException">It was changed.</exception>
    public async Task<byte[]> OpenAsync(Envelope envelope, CancellationToken ct)
    {
        // The stored key id says which version to ask; that it is this vault's is checked, since tables are easier to write to than the vault.
        if (options.Value.VaultUri is not { } vaultUri || !Uri.TryCreate(envelope.WrappedBy, UriKind.Absolute, out var keyId)
            || keyId.Authority != vaultUri.Authority)
        {
            throw new CryptographicException("An envelope names a key outside this vault.");
        }

        var unwrapped = await KeyVaultClients.AskAsync(
            "unwrap",
            within => For(envelope.WrappedBy).UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, envelope.WrappedDataKey, within), ct);
        var (nonceSize, tagSize) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        var stored = envelope.Sealed.AsSpan();
        var plain = new byte[stored.Length - nonceSize - tagSize];
        using var aes = new AesGcm(unwrapped.Key, tagSize);
        aes.Decrypt(stored[..nonceSize], stored[nonceSize..^tagSize], stored[^tagSize..], plain);
        return plain;
    }

    private CryptographyClient For(string keyId) => clients.GetOrAdd(keyId, id => vault.For(new Uri(id)));
}
