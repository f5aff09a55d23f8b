namespace Azure.Security.KeyVault.Keys;

/// <summary>What kind a key is: <c>kty</c>.</summary>
public readonly struct KeyType : IEquatable<KeyType>
{
    private readonly string value;

    /// <summary>Any value, whether or not it is known here.</summary>
    public KeyType(string value) => this.value = value ?? throw new ArgumentNullException(nameof(value));

    /// <summary>An elliptic curve key kept in software.</summary>
    public static KeyType Ec { get; } = new("EC");

    /// <summary>An elliptic curve key kept in a hardware module.</summary>
    public static KeyType EcHsm { get; } = new("EC-HSM");

    /// <summary>An RSA key kept in software.</summary>
    public static KeyType Rsa { get; } = new("RSA");

    /// <summary>An RSA key kept in a hardware module.</summary>
    public static KeyType RsaHsm { get; } = new("RSA-HSM");

    /// <inheritdoc/>
    public static bool operator ==(KeyType left, KeyType right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(KeyType left, KeyType right) => !left.Equals(right);

    /// <summary>The value as the vault writes it.</summary>
    public static implicit operator KeyType(string value) => new(value);

    /// <inheritdoc/>
    public bool Equals(KeyType other) => string.Equals(value, other.value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object obj) => obj is KeyType other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <inheritdoc/>
    public override string ToString() => value;
}
