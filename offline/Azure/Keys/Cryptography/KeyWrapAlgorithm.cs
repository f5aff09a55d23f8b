namespace Azure.Security.KeyVault.Keys.Cryptography;

/// <summary>How a key is wrapped.</summary>
public readonly struct KeyWrapAlgorithm : IEquatable<KeyWrapAlgorithm>
{
    private readonly string value;

    /// <summary>Any value, whether or not it is known here.</summary>
    public KeyWrapAlgorithm(string value) => this.value = value ?? throw new ArgumentNullException(nameof(value));

    /// <summary>RSA-OAEP with SHA-256.</summary>
    public static KeyWrapAlgorithm RsaOaep256 { get; } = new("RSA-OAEP-256");

    /// <inheritdoc/>
    public static bool operator ==(KeyWrapAlgorithm left, KeyWrapAlgorithm right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(KeyWrapAlgorithm left, KeyWrapAlgorithm right) => !left.Equals(right);

    /// <summary>The value as the vault writes it.</summary>
    public static implicit operator KeyWrapAlgorithm(string value) => new(value);

    /// <inheritdoc/>
    public bool Equals(KeyWrapAlgorithm other) => string.Equals(value, other.value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object obj) => obj is KeyWrapAlgorithm other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <inheritdoc/>
    public override string ToString() => value;
}
