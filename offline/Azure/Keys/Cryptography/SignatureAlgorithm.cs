namespace Azure.Security.KeyVault.Keys.Cryptography;

/// <summary>How a digest is signed.</summary>
public readonly struct SignatureAlgorithm : IEquatable<SignatureAlgorithm>
{
    private readonly string value;

    /// <summary>Any value, whether or not it is known here.</summary>
    public SignatureAlgorithm(string value) => this.value = value ?? throw new ArgumentNullException(nameof(value));

    /// <summary>ECDSA on P-256 over SHA-256; the signature is R and S, 32 bytes each.</summary>
    public static SignatureAlgorithm ES256 { get; } = new("ES256");

    /// <inheritdoc/>
    public static bool operator ==(SignatureAlgorithm left, SignatureAlgorithm right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(SignatureAlgorithm left, SignatureAlgorithm right) => !left.Equals(right);

    /// <summary>The value as the vault writes it.</summary>
    public static implicit operator SignatureAlgorithm(string value) => new(value);

    /// <inheritdoc/>
    public bool Equals(SignatureAlgorithm other) => string.Equals(value, other.value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object obj) => obj is SignatureAlgorithm other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <inheritdoc/>
    public override string ToString() => value;
}
