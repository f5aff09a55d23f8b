using Azure.Core;
using Azure.Security.KeyVault.Keys.Cryptography;

namespace Azure.Security.KeyVault.Keys;

/// <summary>The keys of one vault.</summary>
public class KeyClient
{
    private readonly KeyProtocol protocol;

    /// <summary>For tests that derive from the client.</summary>
    protected KeyClient()
    {
    }

    /// <summary>Sends tokens of the credential; the address must be https.</summary>
    public KeyClient(Uri vaultUri, TokenCredential credential, KeyClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(vaultUri);
        options ??= new KeyClientOptions();
        VaultUri = vaultUri;
        protocol = new KeyProtocol(options, options.VersionText, credential, !options.DisableChallengeResourceVerification);
    }

    /// <summary>The address of the vault.</summary>
    public virtual Uri VaultUri { get; }

    /// <summary>A version of a key, the newest where none is given. Throws 404 where there is none.</summary>
    public virtual Task<Response<KeyVaultKey>> GetKeyAsync(
        string name, string version = null, CancellationToken cancellationToken = default) =>
        protocol.KeyAsync(RequestMethod.Get, KeyProtocol.KeyAddress(VaultUri, name, version), cancellationToken);

    /// <summary>All versions of a key, in no order and without their material.</summary>
    public virtual AsyncPageable<KeyProperties> GetPropertiesOfKeyVersionsAsync(
        string name, CancellationToken cancellationToken = default) =>
        new KeyVersionPages(protocol, KeyProtocol.KeyAddress(VaultUri, name, "versions"), cancellationToken);

    /// <summary>Makes a new version, which is the newest at once.</summary>
    public virtual Task<Response<KeyVaultKey>> RotateKeyAsync(string name, CancellationToken cancellationToken = default) =>
        protocol.KeyAsync(RequestMethod.Post, KeyProtocol.KeyAddress(VaultUri, name, "rotate"), cancellationToken);

    /// <summary>Changes what is set of the properties of one version, and what it may be used for where that is given.</summary>
    public virtual Task<Response<KeyVaultKey>> UpdateKeyPropertiesAsync(
        KeyProperties properties, IEnumerable<KeyOperation> keyOperations = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(properties);
        if (string.IsNullOrEmpty(properties.Version))
        {
            throw new ArgumentException("The properties name no version.", nameof(properties));
        }

        return protocol.KeyAsync(
            RequestMethod.Patch,
            KeyProtocol.KeyAddress(VaultUri, properties.Name, properties.Version),
            cancellationToken,
            json =>
            {
                KeyJson.WriteAttributes(json, properties);
                if (keyOperations is not null)
                {
                    json.WriteStartArray("key_ops");
                    foreach (var operation in keyOperations)
                    {
                        json.WriteStringValue(operation.ToString());
                    }

                    json.WriteEndArray();
                }
            });
    }

    /// <summary>A client that signs and wraps with a version of a key; it shares this one's requests, tokens and retries.</summary>
    public virtual CryptographyClient GetCryptographyClient(string keyName, string keyVersion = null) =>
        new(KeyProtocol.KeyAddress(VaultUri, keyName, keyVersion), protocol);
}
