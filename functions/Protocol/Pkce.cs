using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AuthFunctions.Protocol;

/// <summary>
/// Proof Key for Code Exchange (RFC 7636), method S256 only: <c>plain</c> protects against nobody who sees the request (RFC 9700 §2.1.1).
/// </summary>
public static class Pkce
{
    /// <summary>The one method.</summary>
    public const string S256 = "S256";

    /// <summary>RFC 7636 §4.2: base64url of a SHA-256 hash, 43 characters.</summary>
    public static bool IsChallenge(string? text) => Handle.TryDecode(text, out var bytes) && bytes.Length == SHA256.HashSizeInBytes;

    /// <summary>RFC 7636 §4.1: 43 to 128 unreserved characters.</summary>
    public static bool IsVerifier(string? text) =>
        text is { Length: >= 43 and <= 128 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~');

    /// <summary>RFC 7636 §4.6: true if the verifier is the challenge's, compared in fixed time.</summary>
    public static bool Matches(string verifier, string challenge) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))), Encoding.ASCII.GetBytes(challenge));
}
