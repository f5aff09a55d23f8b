using Azure.Core;

namespace Azure.Security.KeyVault.Keys;

/// <summary>Options of <see cref="KeyClient"/>; retries, diagnostics and transport are those of <see cref="ClientOptions"/>.</summary>
public class KeyClientOptions : ClientOptions
{
    /// <summary>Options for one version of the service.</summary>
    public KeyClientOptions(ServiceVersion version = ServiceVersion.V7_6)
    {
        Version = version;
        VersionText = version switch
        {
            ServiceVersion.V7_6 => "7.6",
            _ => throw new ArgumentOutOfRangeException(nameof(version), version, "Only 7.6 is spoken here."),
        };
    }

    /// <summary>
    /// True lets a challenge name a resource under whose domain the vault's host does not lie. For emulators: a token may then go
    /// to whoever answers at that address. False by default.
    /// </summary>
    public bool DisableChallengeResourceVerification { get; set; }

    /// <summary>The version of the service that is spoken.</summary>
    public ServiceVersion Version { get; }

    internal string VersionText { get; }

    /// <summary>Versions of the vault service.</summary>
    public enum ServiceVersion
    {
        /// <summary>7.6.</summary>
        V7_6 = 6,
    }
}
