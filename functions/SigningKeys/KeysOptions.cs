namespace AuthFunctions.SigningKeys;

/// <summary>Where the signing keys are.</summary>
public enum KeySourceKind
{
    /// <summary>A P-256 key in the clear in table SigningKeys. Refused outside Development.</summary>
    Development,
}

/// <summary>Settings <c>Keys</c>.</summary>
public sealed class KeysOptions
{
    /// <summary>The settings section.</summary>
    public const string Section = "Keys";

    /// <summary>Where the signing keys are: Development, the only source so far.</summary>
    public KeySourceKind Source { get; set; } = KeySourceKind.Development;

    /// <summary>How long verifiers may cache the key set, 5 minutes to 24 hours; 1 hour by default. Sent as <c>max-age</c>, in seconds.</summary>
    public TimeSpan JwksCacheLifetime { get; set; } = TimeSpan.FromHours(1);
}
