using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthFunctions.Protocol;

/// <summary>
/// The text of a signed JSON Web Token (RFC 7515 §7.1) that somebody sent. Libraries read padding, white space and bits left over as if they
/// were not there, so that one token would have many spellings; here it has one (RFC 7515 §2).
/// </summary>
public static class CompactJwt
{
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>
    /// True if the text has three parts of base64url, each in the one spelling of its bytes. The last may be empty (RFC 7519 §6): to refuse a
    /// token that nobody signed is the verifier's part.
    /// </summary>
    public static bool IsWellFormed([NotNullWhen(true)] string? text) =>
        text?.Split('.') is [var header, var payload, var signature]
        && CanonicalBase64Url.Decode(header) is not null
        && CanonicalBase64Url.Decode(payload) is not null
        && (signature.Length == 0 || CanonicalBase64Url.Decode(signature) is not null);

    /// <summary>The token's claims, believed by nobody yet; null if the text is none.</summary>
    public static JsonWebToken? Peek(string? text)
    {
        if (!IsWellFormed(text))
        {
            return null;
        }

        try
        {
            return Handler.ReadJsonWebToken(text);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or JsonException or SecurityTokenException)
        {
            // No JSON, or a member of another type.
            return null;
        }
    }
}
