using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AuthFunctions.Protocol;

/// <summary>
/// A DPoP proof (RFC 9449 §4.2) that the key in its own header signed. What it was made for is <see cref="FaultFor"/>'s matter; its nonce,
/// and that it counts once, are the caller's.
/// </summary>
/// <param name="KeyThumbprint">RFC 7638 thumbprint of the key: <c>cnf.jkt</c> of what is bound to it.</param>
/// <param name="TokenId"><c>jti</c>, 1 to 256 characters.</param>
/// <param name="Method"><c>htm</c>.</param>
/// <param name="Uri"><c>htu</c>.</param>
/// <param name="IssuedAt"><c>iat</c>.</param>
public sealed record DpopProof(string KeyThumbprint, string TokenId, string Method, Uri Uri, DateTimeOffset IssuedAt)
{
    /// <summary>The header that carries a proof, and the scheme of access tokens that need one.</summary>
    public const string Scheme = "DPoP";

    /// <summary>The header that tells the nonce to use next (RFC 9449 §8).</summary>
    public const string NonceHeader = "DPoP-Nonce";

    /// <summary>
    /// The one algorithm. Whoever asks brings the key, and with it what the check costs: an RSA key can be made to cost any time, one on P-256
    /// cannot.
    /// </summary>
    public const string Algorithm = "ES256";

    /// <summary>Longest proof that is looked at, in characters; real ones have less than a thousand.</summary>
    private const int MaxLength = 4096;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>The nonce it was made with, or null.</summary>
    public string? Nonce { get; init; }

    /// <summary><c>ath</c>: the hash of the access token that it goes with, or null.</summary>
    public string? AccessTokenHash { get; init; }

    /// <summary>The proof; or null and why the text is none (RFC 9449 §4.3, 2 to 7).</summary>
    public static (DpopProof? Proof, string? Fault) Read(string? text)
    {
        if (text is not { Length: > 0 and <= MaxLength } || text.Split('.') is not [var header, var payload, var signature])
        {
            return (null, "no JWT");
        }

        using var head = Parse(header);
        using var claims = Parse(payload);
        if (head is null || claims is null)
        {
            return (null, "no JWT");
        }

        if (Text(head, "typ") != JwtTypes.DpopProof || Text(head, "alg") != Algorithm || head.RootElement.TryGetProperty("crit", out _))
        {
            return (null, "typ, alg or crit");
        }

        using var key = head.RootElement.TryGetProperty("jwk", out var jwk) ? Jwk.ReadPublicKey(jwk) : null;
        if (key is null)
        {
            return (null, "jwk is no public key on P-256");
        }

        if (CanonicalBase64Url.Decode(signature) is not { } signed
            || !key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{payload}"), signed, HashAlgorithmName.SHA256))
        {
            return (null, "wrong signature");
        }

        return Text(claims, "jti") is { Length: > 0 and <= 256 } jti
            && Text(claims, "htm") is { } method
            && Uri.TryCreate(Text(claims, "htu"), UriKind.Absolute, out var uri)
            && claims.RootElement.TryGetProperty("iat", out var iat) && iat.ValueKind == JsonValueKind.Number && iat.TryGetInt64(out var seconds)
            && seconds is > 0 and < 253402300800
            ? (new DpopProof(Jwk.Of(key).Kid, jti, method, uri, DateTimeOffset.FromUnixTimeSeconds(seconds))
            {
                Nonce = Text(claims, "nonce"),
                AccessTokenHash = Text(claims, "ath"),
            }, null)
            : (null, "jti, htm, htu or iat is missing or malformed");
    }

    /// <summary>Null if the proof was made for this request, at about this time; else why not (RFC 9449 §4.3, 8, 9, 11 and 12).</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="uri">Where it went; query and fragment do not count.</param>
    /// <param name="accessToken">The access token that came with it; null where none does, as at a token endpoint.</param>
    /// <param name="now">The moment.</param>
    /// <param name="lifetime">How far <c>iat</c> may be from it, either way.</param>
    public string? FaultFor(string method, Uri uri, string? accessToken, DateTimeOffset now, TimeSpan lifetime) =>
        Method != method ? "htm is another method"

        // Uri has normalised scheme, host and port (RFC 3986 §6.2.2, §6.2.3); a path is compared as it is.
        : Uri.GetLeftPart(UriPartial.Path) != uri.GetLeftPart(UriPartial.Path) ? "htu is another URI"
        : (IssuedAt - now).Duration() > lifetime ? "iat is too far from now"
        : accessToken is not null && AccessTokenHash != HashOf(accessToken) ? "ath is not the access token's"
        : null;

    /// <summary>The value of <c>ath</c> for an access token (RFC 9449 §4.2).</summary>
    public static string HashOf(string accessToken) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(accessToken)));

    private static JsonDocument? Parse(string part)
    {
        try
        {
            return CanonicalBase64Url.Decode(part) is { } bytes && JsonDocument.Parse(bytes, Strict) is var json
                && json.RootElement.ValueKind == JsonValueKind.Object
                ? json
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter for a member whose name is half of a surrogate pair: the look for repeated names reads all of them.
            return null;
        }
    }

    private static string? Text(JsonDocument json, string name) => Jwk.Text(json.RootElement, name);
}
