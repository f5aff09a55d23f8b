using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Cryptography;

namespace Azure.Security.KeyVault.Keys.Cryptography;

/// <summary>Signs and wraps with one version of a key.</summary>
/// <remarks>
/// The first call fetches the key, so that what needs only the public part is done here: a signature and an unwrapping always come
/// from the vault, a wrapping does not. Where the key may not be fetched (403), everything goes to the vault.
/// </remarks>
public class CryptographyClient : IKeyEncryptionKey
{
    private readonly Uri keyId;
    private readonly KeyProtocol protocol;
    private KeyVaultKey key;
    private bool mayNotFetch;

    /// <summary>For tests that derive from the client.</summary>
    protected CryptographyClient()
    {
    }

    /// <summary>Sends tokens of the credential; the address must be https.</summary>
    public CryptographyClient(Uri keyId, TokenCredential credential, CryptographyClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(keyId);
        options ??= new CryptographyClientOptions();
        this.keyId = keyId;
        protocol = new KeyProtocol(options, options.VersionText, credential, !options.DisableChallengeResourceVerification);
    }

    internal CryptographyClient(Uri keyId, KeyProtocol protocol)
    {
        this.keyId = keyId;
        this.protocol = protocol;
    }

    /// <summary>The address of the key.</summary>
    public virtual string KeyId => keyId.ToString();

    /// <summary>Signs a digest. Throws <see cref="InvalidOperationException"/> where the fetched key says that its time is not now.</summary>
    public virtual async Task<SignResult> SignAsync(
        SignatureAlgorithm algorithm, byte[] digest, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(digest);
        if (await FetchAsync(cancellationToken).ConfigureAwait(false) is { } key && key.KeyOperations.Contains(KeyOperation.Sign))
        {
            RefuseOutsideItsTime(key.Properties);
        }

        var (id, signature) = await AskAsync("sign", algorithm.ToString(), digest, cancellationToken).ConfigureAwait(false);
        return new SignResult(id, signature, algorithm);
    }

    /// <summary>Wraps a key. Throws <see cref="InvalidOperationException"/> where the fetched key says that its time is not now.</summary>
    public virtual async Task<WrapResult> WrapKeyAsync(
        KeyWrapAlgorithm algorithm, byte[] key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (algorithm == KeyWrapAlgorithm.RsaOaep256
            && await FetchAsync(cancellationToken).ConfigureAwait(false) is { } known
            && known.KeyOperations.Contains(KeyOperation.WrapKey)
            && (known.KeyType == KeyType.Rsa || known.KeyType == KeyType.RsaHsm))
        {
            RefuseOutsideItsTime(known.Properties);
            using var rsa = known.Key.ToRSA();
            return new WrapResult(known.Key.Id, rsa.Encrypt(key, RSAEncryptionPadding.OaepSHA256), algorithm);
        }

        var (id, wrapped) = await AskAsync("wrapkey", algorithm.ToString(), key, cancellationToken).ConfigureAwait(false);
        return new WrapResult(id, wrapped, algorithm);
    }

    /// <summary>Unwraps a key.</summary>
    public virtual async Task<UnwrapResult> UnwrapKeyAsync(
        KeyWrapAlgorithm algorithm, byte[] encryptedKey, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encryptedKey);
        await FetchAsync(cancellationToken).ConfigureAwait(false);
        var (id, key) = await AskAsync("unwrapkey", algorithm.ToString(), encryptedKey, cancellationToken).ConfigureAwait(false);
        return new UnwrapResult(id, key, algorithm);
    }

    async Task<byte[]> IKeyEncryptionKey.WrapKeyAsync(string algorithm, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        (await WrapKeyAsync(algorithm, key.ToArray(), cancellationToken).ConfigureAwait(false)).EncryptedKey;

    async Task<byte[]> IKeyEncryptionKey.UnwrapKeyAsync(
        string algorithm, ReadOnlyMemory<byte> encryptedKey, CancellationToken cancellationToken) =>
        (await UnwrapKeyAsync(algorithm, encryptedKey.ToArray(), cancellationToken).ConfigureAwait(false)).Key;

    byte[] IKeyEncryptionKey.WrapKey(string algorithm, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The stand-in is asynchronous only.");

    byte[] IKeyEncryptionKey.UnwrapKey(string algorithm, ReadOnlyMemory<byte> encryptedKey, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The stand-in is asynchronous only.");

    // By the machine's clock, as the package does it.
    private static void RefuseOutsideItsTime(KeyProperties properties)
    {
        var now = DateTimeOffset.UtcNow;
        if (now < properties.NotBefore)
        {
            throw new InvalidOperationException($"The key \"{properties.Name}\" is not valid before {properties.NotBefore:r}.");
        }

        if (now > properties.ExpiresOn)
        {
            throw new InvalidOperationException($"The key \"{properties.Name}\" is not valid after {properties.ExpiresOn:r}.");
        }
    }

    // Null where it may not be fetched. Any other failure is the caller's, and the next call tries again.
    private async Task<KeyVaultKey> FetchAsync(CancellationToken ct)
    {
        if (key is null && !mayNotFetch)
        {
            try
            {
                key = await protocol.KeyAsync(RequestMethod.Get, keyId, ct).ConfigureAwait(false);
            }
            catch (RequestFailedException e) when (e.Status == 403)
            {
                mayNotFetch = true;
            }
        }

        return key;
    }

    private async Task<(string KeyId, byte[] Value)> AskAsync(string operation, string algorithm, byte[] value, CancellationToken ct)
    {
        var response = await protocol.SendAsync(
            RequestMethod.Post,
            KeyProtocol.Under(keyId, operation),
            json =>
            {
                json.WriteString("alg", algorithm);
                json.WriteString("value", Base64Url.EncodeToString(value));
            },
            ct).ConfigureAwait(false);
        using var document = JsonDocument.Parse(response.Content.ToMemory());
        return (document.RootElement.GetProperty("kid").GetString(), KeyJson.Bytes(document.RootElement.GetProperty("value")));
    }
}
