namespace Azure.Security.KeyVault.Keys;

/// <summary>What a key may be used for: <c>key_ops</c>.</summary>
public readonly struct KeyOperation : IEquatable<KeyOperation>
{
    private readonly string value;

    /// <summary>Any value, whether or not it is known here.</summary>
    public KeyOperation(string value) => this.value = value ?? throw new ArgumentNullException(nameof(value));

    /// <summary>Sign.</summary>
    public static KeyOperation Sign { get; } = new("sign");

    /// <summary>Verify.</summary>
    public static KeyOperation Verify { get; } = new("verify");

    /// <summary>Wrap another key.</summary>
    public static KeyOperation WrapKey { get; } = new("wrapKey");

    /// <summary>Unwrap another key.</summary>
    public static KeyOperation UnwrapKey { get; } = new("unwrapKey");

    /// <inheritdoc/>
    public static bool operator ==(KeyOperation left, KeyOperation right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(KeyOperation left, KeyOperation right) => !left.Equals(right);

    /// <summary>The value as the vault writes it.</summary>
    public static implicit operator KeyOperation(string value) => new(value);

    /// <inheritdoc/>
    public bool Equals(KeyOperation other) => string.Equals(value, other.value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object obj) => obj is KeyOperation other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <inheritdoc/>
    public override string ToString() => value;
}
