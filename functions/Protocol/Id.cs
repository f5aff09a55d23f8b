using System.Buffers.Text;
using System.Security.Cryptography;

namespace AuthFunctions.Protocol;

/// <summary>Identifiers: 128 random bits as 22 characters of base64url. They address rows; they are no secrets.</summary>
public static class Id
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 16;

    /// <summary>A fresh identifier.</summary>
    public static string New() => Write(RandomNumberGenerator.GetBytes(Size));

    /// <summary>The text of an identifier's bytes.</summary>
    public static string Write(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>The bytes of an identifier's text, which must be valid.</summary>
    public static byte[] Read(string id) => Base64Url.DecodeFromChars(id);

    /// <summary>True if the text is an identifier, in its one canonical spelling.</summary>
    public static bool IsValid(string? text) => Handle.TryDecode(text, out var bytes) && bytes.Length == Size;
}
