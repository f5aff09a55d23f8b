namespace Azure.Security.KeyVault.Keys;

/// <summary>The curve of an elliptic curve key: <c>crv</c>.</summary>
public readonly struct KeyCurveName : IEquatable<KeyCurveName>
{
    private readonly string value;

    /// <summary>Any value, whether or not it is known here.</summary>
    public KeyCurveName(string value) => this.value = value ?? throw new ArgumentNullException(nameof(value));

    /// <summary>NIST P-256, secp256r1.</summary>
    public static KeyCurveName P256 { get; } = new("P-256");

    /// <inheritdoc/>
    public static bool operator ==(KeyCurveName left, KeyCurveName right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(KeyCurveName left, KeyCurveName right) => !left.Equals(right);

    /// <summary>The value as the vault writes it.</summary>
    public static implicit operator KeyCurveName(string value) => new(value);

    /// <inheritdoc/>
    public bool Equals(KeyCurveName other) => string.Equals(value, other.value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object obj) => obj is KeyCurveName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <inheritdoc/>
    public override string ToString() => value;
}
