using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthFunctions.Tests.Hostile;

/// <summary>A genuine token, taken apart, and what a forger has besides: keys of his own, and the public key that signed it.</summary>
internal sealed class Genuine(string token, ECDsa? publicKey = null)
{
    /// <summary>The forger's.</summary>
    public static readonly ECDsa Own = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly string[] parts = token.Split('.');

    public string Token => token;

    public string Signature => parts[2];

    public byte[] SignatureBytes => Base64Url.DecodeFromChars(Signature);

    public string HeaderText => Text(parts[0]);

    public string ClaimsText => Text(parts[1]);

    /// <summary>The public key, in the forms that a library may take for a secret.</summary>
    public byte[] PublicPem => Encoding.ASCII.GetBytes((publicKey ?? Own).ExportSubjectPublicKeyInfoPem());

    public byte[] PublicDer => (publicKey ?? Own).ExportSubjectPublicKeyInfo();

    /// <summary>Its header and claims changed, with its own signature, which is none of theirs.</summary>
    public string With(Action<JsonObject>? header = null, Action<JsonObject>? claims = null) =>
        $"{Changed(HeaderText, header)}.{Changed(ClaimsText, claims)}.{Signature}";

    /// <summary>The same, signed by the forger.</summary>
    public string Signed(Action<JsonObject>? header = null, Action<JsonObject>? claims = null)
    {
        var input = $"{Changed(HeaderText, header)}.{Changed(ClaimsText, claims)}";
        return $"{input}.{Base64Url.EncodeToString(Own.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    /// <summary>The same under HMAC.</summary>
    public string Hmac(byte[] key, Action<JsonObject>? header = null)
    {
        var input = $"{Changed(HeaderText, h => { h["alg"] = "HS256"; header?.Invoke(h); })}.{parts[1]}";
        return $"{input}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(input)))}";
    }

    /// <summary>Another header's text, claims' text or signature in place of its own.</summary>
    public string Of(string? header = null, string? claims = null, byte[]? signature = null) =>
        $"{(header is null ? parts[0] : Encode(header))}.{(claims is null ? parts[1] : Encode(claims))}."
        + (signature is null ? Signature : Base64Url.EncodeToString(signature));

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Text(string part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));

    private static string Changed(string json, Action<JsonObject>? change)
    {
        var node = JsonNode.Parse(json)!.AsObject();
        change?.Invoke(node);
        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(node));
    }
}

/// <summary>Forgeries of a token (RFC 8725 §2 and §3; RFC 7515 §10; OWASP: JSON Web Token cheat sheet). None is worth what the token is.</summary>
internal static class Forgeries
{
    public static readonly IReadOnlyDictionary<string, Func<Genuine, string>> All = new Dictionary<string, Func<Genuine, string>>
    {
        // RFC 8725 §3.1: no signature at all, or another kind of one.
        ["alg none"] = g => g.Of(header: "{\"alg\":\"none\",\"typ\":\"at+jwt\"}", signature: []),
        ["alg None, type kept"] = g => g.With(h => h["alg"] = "None")[..^g.Signature.Length],
        ["alg NONE, signature kept"] = g => g.With(h => h["alg"] = "nOnE"),
        ["alg missing"] = g => g.With(h => h.Remove("alg")),
        ["alg empty"] = g => g.With(h => h["alg"] = ""),
        ["alg a number"] = g => g.With(h => h["alg"] = 1),
        ["alg a list"] = g => g.With(h => h["alg"] = new JsonArray("ES256", "none")),
        ["alg of another case"] = g => g.With(h => h["alg"] = "es256"),
        ["alg ES384"] = g => g.With(h => h["alg"] = "ES384"),
        ["alg RS256"] = g => g.With(h => h["alg"] = "RS256"),
        ["alg dir"] = g => g.With(h => { h["alg"] = "dir"; h["enc"] = "A128GCM"; }),
        ["five parts"] = _ => Genuine.Encode("{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"typ\":\"at+jwt\"}") + "..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA",

        // RFC 8725 §2.1 (CVE-2016-10555): the public key as the secret of an HMAC.
        ["HS256 with the public key as PEM"] = g => g.Hmac(g.PublicPem),
        ["HS256 with the public key as DER"] = g => g.Hmac(g.PublicDer),
        ["HS256 with nothing"] = g => g.Hmac([]),

        // CVE-2022-21449: zeros verify as anything.
        ["signature of zeros"] = g => g.Of(signature: new byte[64]),
        ["signature empty"] = g => g.Of(signature: []),
        ["signature cut"] = g => g.Of(signature: g.SignatureBytes[..63]),
        ["signature longer"] = g => g.Of(signature: [.. g.SignatureBytes, 0]),
        ["signature twice"] = g => g.Of(signature: [.. g.SignatureBytes, .. g.SignatureBytes]),
        ["signature missing"] = g => g.Token[..g.Token.LastIndexOf('.')],
        ["signature in DER"] = g => g.Of(signature: Der(g.SignatureBytes)),
        ["signature with its halves exchanged"] = g => g.Of(signature: [.. g.SignatureBytes[32..], .. g.SignatureBytes[..32]]),
        ["one bit of the signature"] = g => g.Of(signature: [(byte)(g.SignatureBytes[0] ^ 1), .. g.SignatureBytes[1..]]),
        ["last bits, which no byte has"] = g => g.Token[..^1] + (char)(g.Token[^1] + 1),
        ["padded"] = g => g.Token + "==",
        ["space after"] = g => g.Token + "%20x",
        ["four parts"] = g => g.Token + ".AAAA",

        // RFC 8725 §3.10, §2.7: keys that the token brings itself.
        ["the forger's signature under its kid"] = g => g.Signed(),
        ["without kid"] = g => g.Signed(h => h.Remove("kid")),
        ["jwk of the forger's"] = g => g.Signed(h => h["jwk"] = JsonSerializer.SerializeToNode(Protocol.Jwk.Of(Genuine.Own))),
        ["jku of the forger's"] = g => g.Signed(h => { h["jku"] = "http://127.0.0.1:9/jwks"; h["kid"] = "x"; }),
        ["x5u of the forger's"] = g => g.Signed(h => h["x5u"] = "http://127.0.0.1:9/x.pem"),
        ["x5c of the forger's"] = g => g.Signed(h => h["x5c"] = new JsonArray("AAAA")),

        // kid as a path, a query, a command (RFC 8725 §3.10: it is no more than a name).
        ["kid a path"] = g => g.Hmac([], h => h["kid"] = "../../../../dev/null"),
        ["kid a query"] = g => g.Signed(h => h["kid"] = "x' UNION SELECT 'k"),
        ["kid a number"] = g => g.With(h => h["kid"] = 1),
        ["kid a list"] = g => g.With(h => h["kid"] = new JsonArray(1)),
        ["kid null"] = g => g.Signed(h => h["kid"] = null),
        ["kid long"] = g => g.Signed(h => h["kid"] = new string('k', 6000)),

        // RFC 7515 §4.1.11, RFC 7797: extensions that must be understood.
        ["crit"] = g => g.Signed(h => { h["crit"] = new JsonArray("exp"); h["exp"] = 1; }),
        ["b64 false"] = g => g.Signed(h => { h["b64"] = false; h["crit"] = new JsonArray("b64"); }),

        // RFC 8725 §3.11: another type.
        ["typ of another kind"] = g => g.With(h => h["typ"] = h["typ"]?.GetValue<string>() == "at+jwt" ? "JWT" : "at+jwt"),
        ["typ missing"] = g => g.With(h => h.Remove("typ")),
        ["cty"] = g => g.Signed(h => h["cty"] = "JWT"),
        ["zip"] = g => g.Signed(h => h["zip"] = "DEF"),

        // Claims that it does not have the right to (each without its signature; RFC 7519 §4.1).
        ["lives for ever"] = g => g.With(claims: c => c["exp"] = 253402300799),
        ["exp a text"] = g => g.With(claims: c => c["exp"] = "253402300799"),
        ["exp a fraction"] = g => g.With(claims: c => c["exp"] = 2e9 + 0.5),
        ["exp huge"] = g => g.Of(claims: "{\"exp\":1e300}"),
        ["exp negative"] = g => g.With(claims: c => c["exp"] = -1),
        ["sub of another"] = g => g.With(claims: c => c["sub"] = "AAAAAAAAAAAAAAAAAAAAAA"),
        ["scope of an operator"] = g => g.With(claims: c => c["scope"] = "auth.manage"),
        ["aud a list"] = g => g.With(claims: c => c["aud"] = new JsonArray("a", "b")),
        ["no claims"] = g => g.Of(claims: "{}"),
        ["claims a list"] = g => g.Of(claims: "[]"),
        ["claims of no JSON"] = g => g.Of(claims: "x"),
        ["claims nested"] = g => g.Of(claims: $"{{\"sub\":{string.Concat(Enumerable.Repeat("[", 3000))}"),
        ["claims of half a character"] = g => g.Of(claims: "{\"sub\":\"\\ud800\",\"iss\":\"\\udc00\"}"),
        ["a token in a token"] = g => g.Of(claims: JsonSerializer.Serialize(g.Token)),

        // A member twice, of which readers take different ones (RFC 8259 §4, RFC 7515 §4).
        ["alg twice"] = g => g.Of(header: g.HeaderText.Replace("{", "{\"alg\":\"none\",", StringComparison.Ordinal)),
        ["alg twice, the other way"] = g => g.Of(header: g.HeaderText.Replace("}", ",\"alg\":\"none\"}", StringComparison.Ordinal)),
        ["sub twice"] = g => g.Of(claims: g.ClaimsText.Replace("{", "{\"sub\":\"x\",", StringComparison.Ordinal)),

        // Headers of no sense.
        ["header empty"] = g => g.Of(header: "{}"),
        ["header a list"] = g => g.Of(header: "[]"),
        ["header of no JSON"] = g => g.Of(header: "{"),
        ["header of half a character"] = g => g.Of(header: "{\"alg\":\"\\ud800\"}"),
        ["header huge"] = g => g.Of(header: $"{{\"alg\":\"ES256\",\"x\":\"{new string('h', 6000)}\"}}"),
        ["header deep"] = g => g.Of(header: $"{{\"alg\":\"ES256\",\"x\":{new string('[', 500)}{new string(']', 500)}}}"),
        ["dots"] = _ => "..",
        ["many dots"] = _ => new string('.', 2000),
    };

    private static readonly string[] Names = [.. All.Keys];

    /// <summary>One of them.</summary>
    public static string Any(Genuine genuine, Random random) => All[Names[random.Next(Names.Length)]](genuine);

    private static byte[] Der(byte[] signature)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(Unpadded(signature.AsSpan(0, 32)));
            writer.WriteIntegerUnsigned(Unpadded(signature.AsSpan(32)));
        }

        return writer.Encode();
    }

    private static ReadOnlySpan<byte> Unpadded(ReadOnlySpan<byte> number) => number.TrimStart((byte)0);
}
