using System.Buffers.Text;

namespace AuthFunctions.Protocol;

/// <summary>base64url without padding, white space or bits left over (RFC 7515 §2, RFC 4648 §3.5): the one spelling of its bytes.</summary>
public static class CanonicalBase64Url
{
    /// <summary>The bytes; null if the text is empty or no spelling of any, or not the one of its bytes.</summary>
    public static byte[]? Decode(string text)
    {
        // Asked first: on a character that is not base64url's the decoder throws.
        if (text.Length == 0 || !Base64Url.IsValid(text))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        return string.Equals(Base64Url.EncodeToString(bytes), text, StringComparison.Ordinal) ? bytes : null;
    }
}
