using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AuthFunctions.Protocol;

/// <summary>The public half of a P-256 signing key (RFC 7517). There are no members for a private one.</summary>
/// <param name="Kid">The RFC 7638 thumbprint.</param>
/// <param name="X">The x coordinate, base64url.</param>
/// <param name="Y">The y coordinate, base64url.</param>
public sealed record Jwk(
    [property: JsonPropertyName("kid")] string Kid,
    [property: JsonPropertyName("x")] string X,
    [property: JsonPropertyName("y")] string Y)
{
    /// <summary>RFC 7518 §6.2.</summary>
    [JsonPropertyName("kty")]
    public string Kty => "EC";

    /// <summary>RFC 7518 §6.2.1.1.</summary>
    [JsonPropertyName("crv")]
    public string Crv => "P-256";

    /// <summary>RFC 7517 §4.2.</summary>
    [JsonPropertyName("use")]
    public string Use => "sig";

    /// <summary>RFC 7518 §3.4.</summary>
    [JsonPropertyName("alg")]
    public string Alg => "ES256";

    /// <summary>The public half of a key.</summary>
    public static Jwk Of(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var x = Base64Url.EncodeToString(point.X);
        var y = Base64Url.EncodeToString(point.Y);

        // RFC 7638 §3: the required members in lexicographic order, without white space.
        var members = $$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""";
        return new Jwk(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(members))), x, y);
    }

    /// <summary>A public key on P-256 that a stranger sent; null if it is none, or is private.</summary>
    public static ECDsa? ReadPublicKey(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object || Text(jwk, "kty") != "EC" || Text(jwk, "crv") != "P-256" || jwk.TryGetProperty("d", out _)
            || !Handle.TryDecode(Text(jwk, "x"), out var x) || !Handle.TryDecode(Text(jwk, "y"), out var y))
        {
            return null;
        }

        try
        {
            return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } });
        }
        catch (CryptographicException)
        {
            // Not on the curve, or of another length.
            return null;
        }
    }

    /// <summary>True if the text can be a thumbprint (RFC 7638): base64url of a SHA-256 hash.</summary>
    public static bool IsThumbprint(string? text) => Handle.TryDecode(text, out var bytes) && bytes.Length == SHA256.HashSizeInBytes;

    internal static string? Text(JsonElement json, string name)
    {
        try
        {
            return json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }
}
