using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace AuthFunctions.Protocol;

/// <summary>
/// The text of opaque handles: a prefix that says what it is, so that leaks can be searched for, then base64url.
/// What the bytes hold is the matter of each kind.
/// </summary>
public static class Handle
{
    /// <summary>Longest handle that is looked at, in characters.</summary>
    public const int MaxLength = 512;

    /// <summary>The text of a handle.</summary>
    public static string Write(string prefix, ReadOnlySpan<byte> bytes) => prefix + Base64Url.EncodeToString(bytes);

    /// <summary>False if the text has another prefix or is not canonical base64url: each handle has one spelling.</summary>
    public static bool TryRead(string prefix, string? text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        return text is not null
            && text.StartsWith(prefix, StringComparison.Ordinal)
            && TryDecode(text[prefix.Length..], out bytes);
    }

    internal static bool TryDecode(string? text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = text is { Length: <= MaxLength } ? CanonicalBase64Url.Decode(text) : null;
        return bytes is not null;
    }
}
