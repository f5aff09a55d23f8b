namespace AuthFunctions.SigningKeys;

/// <summary>Where the signing keys are (docs/keys.md).</summary>
public enum KeySourceKind
{
    /// <summary>In Key Vault, which signs each token: the private key never leaves it.</summary>
    KeyVault,

    /// <summary>In table SigningKeys, sealed under a key that Key Vault wraps: signs in this process.</summary>
    KeyVaultWrapped,

    /// <summary>In table SigningKeys in the clear. Refused outside Development.</summary>
    Development,
}

/// <summary>Settings <c>Keys</c>.</summary>
public sealed class KeysOptions
{
    /// <summary>The settings section.</summary>
    public const string Section = "Keys";

    /// <summary>Where the signing keys are: KeyVault (default), KeyVaultWrapped or Development.</summary>
    public KeySourceKind Source { get; set; } = KeySourceKind.KeyVault;

    /// <summary>The vault, <c>https://name.vault.azure.net</c>. Required but for Development.</summary>
    public Uri? VaultUri { get; set; }

    /// <summary>Name of the vault's P-256 key that signs tokens; <c>token-signing</c> by default.</summary>
    public string SigningKeyName { get; set; } = "token-signing";

    /// <summary>Name of the vault's RSA key that wraps keys; <c>key-wrapping</c> by default.</summary>
    public string WrappingKeyName { get; set; } = "key-wrapping";

    /// <summary>
    /// How long a key is published before it may sign, 5 minutes to 30 days, and no less than <see cref="JwksCacheLifetime"/>; 24 hours by
    /// default.
    /// </summary>
    public TimeSpan AnnounceAhead { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a key signs before the next takes over, 1 to 365 days; 90 days by default. Key Vault's own rotation policy rules for the
    /// KeyVault source.
    /// </summary>
    public TimeSpan RotationPeriod { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long verifiers may cache the key set, 5 minutes to 24 hours; 1 hour by default. Sent as <c>max-age</c>, in seconds.</summary>
    public TimeSpan JwksCacheLifetime { get; set; } = TimeSpan.FromHours(1);
}
