using System.Buffers.Text;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace AuthFunctions.Tests.Properties;

/// <summary>Generators of what strangers send: bytes of any kind, and things that are almost right, which get further.</summary>
internal static class Garbage
{
    private static readonly string[] Names =
    [
        "email", "password", "name", "transport", "refresh_token", "token", "grant_type", "scope", "client_id", "client_secret", "resource",
        "client_assertion", "client_assertion_type", "csrf", "to", "from", "return_to", "nonce_hash", "prompt", "pending", "choice", "error", "fresh",
    ];

    private static readonly string[] Values =
    [
        "", "body", "cookie", "none", "refresh_token", "client_credentials", "demo-spa", "demo-web", "demo-web-secret", "fabrikam", "contoso",
        "http://app.contoso.localhost:5173/", "http://app.\uFF43ontoso.localhost:5173/x", "/handoff?to=fabrikam", "ada@contoso.test", "a\uFFFEb@c.test",
        "login_required", "1", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "https://orders.example", "\uD800", "\0", "é☃😀",
    ];

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "", "=", "\"", "\\", "%", "%0", "%00", "%ff", "%u0041", "+", "..", "//", ";", ",", "{", "}", "[", "]", ":", "null", "true", "1e999", "\\ud800",
            "\\u0000", "sid_", "rt_", "link_", "check_", "eyJ", ".", "Bearer ", "Basic ", "é", "\uFFFE", "😀", "__Host-sid=", "\t", " ", "-", "_", "@", "xn--",
        }.Select(Encoding.UTF8.GetBytes),
        [0], [0x80], [0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80],
    ];

    /// <summary>Any bytes, mostly such as parsers stumble over.</summary>
    public static Gen<byte[]> Bytes { get; } = Gen.Frequency<byte[]>(
        (1, Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf()),
        (3, Gen.OneOf(Gen.Elements(Tokens), Gen.Choose(32, 126).Select(i => new[] { (byte)i })).ListOf().Select(parts => parts.SelectMany(p => p).ToArray())));

    /// <summary>Handles: the right prefix and length, or nearly.</summary>
    public static Gen<byte[]> Handles { get; } =
        from prefix in Gen.Elements("sid_", "rt_", "check_", "link_", "code_", "SID_", "")
        from length in Gen.OneOf(Gen.Elements(16, 48, 64, 80, 84, 100), Gen.Choose(0, 400))
        from seed in Gen.Choose(0, int.MaxValue)
        from text in Spoiled(prefix + Base64Url.EncodeToString(RandomBytes(seed, length)))
        select Encoding.Latin1.GetBytes(text);

    /// <summary>JSON Web Tokens: three or five parts, of JSON or not, which nobody signed.</summary>
    public static Gen<byte[]> Jwts { get; } =
        from alg in Gen.Elements("\"ES256\"", "\"none\"", "\"HS256\"", "\"RS256\"", "1", "null", "[]", "\"dir\"")
        from typ in Gen.Elements("\"at+jwt\"", "\"handoff+jwt\"", "\"dpop+jwt\"", "\"oauth-authz-req+jwt\"", "\"JWT\"", "{}", "null")
        from claim in Gen.Elements("iss", "sub", "aud", "exp", "nonce", "sid", "jti", "iat", "nbf", "auth_time", "client_id")
        from value in JsonValue(2)
        from payload in Gen.OneOf(
            Gen.Constant("{\"" + claim + "\":" + value + ",\"iss\":\"http://auth.contoso.localhost:7071\",\"sub\":\"demo-web\"}"),
            Gen.Constant(value),
            Bytes.Select(Encoding.Latin1.GetString))
        from parts in Gen.Elements(2, 3, 5)
        from text in Spoiled(string.Join('.', new[] { "{\"alg\":" + alg + ",\"typ\":" + typ + ",\"kid\":\"k\"}", payload, "s", "t", "u" }.Take(parts)
            .Select(p => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(p)))))
        select Encoding.Latin1.GetBytes(text);

    /// <summary>A value of a header, a cookie, a query's or form's parameter.</summary>
    public static Gen<byte[]> Value { get; } = Gen.Frequency<byte[]>((2, Bytes), (2, Handles), (2, Jwts), (2, Gen.Elements(Values).Select(Encoding.UTF8.GetBytes)));

    /// <summary>Cookies: ours with any value, in any number, or no cookies at all.</summary>
    public static Gen<byte[]> Cookies { get; } = Gen.OneOf(
        Bytes,
        (from name in Gen.Elements(
            "__Host-sid", "__Host-at", "__Secure-at", "__Host-rt", "__Host-csrf", "__Host-device", "__Secure-check", "__Host-handoff-AAAAAAAA", "x")
         from value in Value
         select Join([Encoding.ASCII.GetBytes(name + "="), value])).ListOf().Select(cookies => Join(cookies, "; ")));

    /// <summary>A query or form: known parameters with any values, escaped or not.</summary>
    public static Gen<byte[]> Form { get; } = Gen.Frequency<byte[]>(
        (1, Bytes),
        (4, (from name in Gen.Elements(Names)
             from value in Value
             from escaped in Gen.Elements(true, true, false)
             select Join([Encoding.ASCII.GetBytes(name + "="), escaped ? Escape(value) : value])).ListOf().Select(fields => Join(fields, "&"))));

    /// <summary>A JSON body: known fields with any values, or something like JSON, or not even that.</summary>
    public static Gen<byte[]> Json { get; } = Gen.Frequency<byte[]>(
        (1, Bytes),
        (1, JsonValue(9).Select(Encoding.UTF8.GetBytes)),
        (4, (from name in Gen.OneOf(Gen.Elements(Names).Select(n => $"\"{n}\""), Gen.Elements("\"\\ud800\"", "\"\\u0065mail\"", "\"\"", "\"e\\u0000\""))
             from value in Gen.OneOf(JsonValue(2), Value.Select(v => "\"" + Encoding.Latin1.GetString(v).Replace("\"", "", StringComparison.Ordinal) + "\""))
             select $"{name}:{value}").ListOf().Select(fields => Encoding.UTF8.GetBytes("{" + string.Join(',', fields) + "}"))));

    public static Gen<byte[]> ContentType { get; } = Gen.Frequency<string>(
        (3, Gen.Constant("application/json")),
        (3, Gen.Constant("application/x-www-form-urlencoded")),
        (4, Gen.Elements(
            "application/x-www-form-urlencoded; charset=utf-7", "application/x-www-form-urlencoded; charset=", "application/x-www-form-urlencoded; ;=",
            "application/x-www-form-urlencoded;", "application/x-www-form-urlencoded; charset=nonsense", "application/json; charset=utf-16",
            "multipart/form-data", "multipart/form-data; boundary=x", "text/plain", "", "/", "application/json;;", "application/vnd.x+json")))
        .Select(Encoding.ASCII.GetBytes);

    private static Gen<string> JsonValue(int depth) => depth == 0
        ? Gen.Elements("1", "-1", "0.5", "1e400", "99999999999999999999", "true", "null", "\"\"", "\"a\"", "\"\\ud800\"", "\"\\u0000\"", "\"é😀\"", "{", "")
        : Gen.Frequency<string>(
            (4, JsonValue(0)),
            (1, JsonValue(depth - 1).Select(v => $"[{v},{v}]")),
            (1, JsonValue(depth - 1).Select(v => $"{{\"a\":{v},\"\\ud800\":1}}")));

    /// <summary>The text itself, or with one character changed, added or missing.</summary>
    private static Gen<string> Spoiled(string text) => Gen.Frequency<string>(
        (1, Gen.Constant(text)),
        (2, from at in Gen.Choose(0, Math.Max(0, text.Length - 1))
            from with in Gen.Elements("", "=", "+", "/", "!", ".", " ", "A", "é", "\0")
            from cut in Gen.Choose(0, Math.Min(1, text.Length))
            select text[..at] + with + text[(at + cut)..]));

    private static byte[] RandomBytes(int seed, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)((seed >> (i % 23)) * (i + 31));
        }

        return bytes;
    }

    private static byte[] Join(IEnumerable<byte[]> parts, string separator = "") =>
        [.. parts.SelectMany((part, i) => i == 0 ? part : [.. Encoding.ASCII.GetBytes(separator), .. part])];

    private static byte[] Escape(byte[] bytes) => Encoding.ASCII.GetBytes(string.Concat(bytes.Select(b => $"%{b:X2}")));
}
