using System.Security.Cryptography;
using System.Text;

namespace AuthFunctions.Protocol;

/// <summary>256 random bits that someone must present. Rows hold its <see cref="Hash"/> alone; it never prints itself.</summary>
public sealed class Secret
{
    /// <summary>Length of a secret in bytes.</summary>
    public const int Size = 32;

    private readonly byte[] bytes;

    private Secret(byte[] bytes) => this.bytes = bytes;

    /// <summary>The bytes, for sealing and for handles.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>A fresh secret.</summary>
    public static Secret New() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>The secret that was read from a handle or unsealed.</summary>
    /// <exception cref="ArgumentException">Not <see cref="Size"/> bytes.</exception>
    public static Secret From(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new(bytes.ToArray())
        : throw new ArgumentException($"must be {Size} bytes, but is {bytes.Length}.", nameof(bytes));

    /// <summary>SHA-256, the only form that is stored. 256 random bits need no salt and no slow hash.</summary>
    public byte[] Hash() => SHA256.HashData(bytes);

    /// <summary>True if <paramref name="hash"/> is this secret's, compared in fixed time.</summary>
    public bool Matches(byte[]? hash) => hash is not null && CryptographicOperations.FixedTimeEquals(Hash(), hash);

    /// <summary>Another secret that only the holder of this one can compute (HKDF-SHA256, RFC 5869).</summary>
    public Secret Derive(string purpose, string context) => new(HKDF.DeriveKey(
        HashAlgorithmName.SHA256, bytes, Size, salt: Encoding.UTF8.GetBytes(context), info: Encoding.UTF8.GetBytes(purpose)));

    /// <inheritdoc/>
    public override string ToString() => "(secret)";
}
