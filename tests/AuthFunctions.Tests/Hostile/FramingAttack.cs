using System.Globalization;
using System.Text;

namespace AuthFunctions.Tests.Hostile;

/// <summary>
/// Requests whose end another server would see elsewhere (HTTP request smuggling: CWE-444; RFC 9112 §6, §7, §11.2), each with a second request
/// hidden where such a server would look for one. It is never answered.
/// </summary>
internal sealed class FramingAttack : Attack
{
    private const string Hidden = "GET /hidden HTTP/1.1\r\nHost: auth.contoso.localhost:7071\r\n\r\n";

    private static readonly (string Headers, Func<string, string> Body)[] Lengths =
    [
        // Both ways of telling the length (RFC 9112 §6.1): CL.TE, TE.CL, TE.TE.
        ("Content-Length: {0}\r\nTransfer-Encoding: chunked\r\n", _ => "0\r\n\r\n" + Hidden),
        ("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", b => Chunk(b) + "0\r\n\r\n" + Hidden),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: {0}\r\n", b => Chunk(b) + "0\r\n\r\n" + Hidden),
        ("Transfer-Encoding: identity\r\nContent-Length: {0}\r\n", b => b + Hidden),
        ("Transfer-Encoding: xchunked\r\nContent-Length: {0}\r\n", b => b + Hidden),
        ("Transfer-Encoding: chunked, identity\r\n", b => Chunk(b) + "0\r\n\r\n" + Hidden),
        ("Transfer-Encoding: chunked;q=1\r\n", b => Chunk(b) + "0\r\n\r\n" + Hidden),
        ("Transfer-Encoding:\u000bchunked\r\nContent-Length: {0}\r\n", b => b + Hidden),
        ("Transfer-Encoding: \"chunked\"\r\n", b => Chunk(b) + "0\r\n\r\n" + Hidden),
        ("Transfer-Encoding : chunked\r\nContent-Length: {0}\r\n", b => b + Hidden),

        // Kestrel takes these two, by the meaning that they have for everybody who takes them.
        ("Transfer-Encoding: gzip, chunked\r\n", b => Chunk(b) + "0\r\n\r\n"),
        ("Content-Length: +{0}\r\n", b => b),

        // Lengths that are repeated, differ, or are no numbers (RFC 9112 §6.3).
        ("Content-Length: {0}\r\nContent-Length: 0\r\n", b => b + Hidden),
        ("Content-Length: 0\r\nContent-Length: {0}\r\n", b => b + Hidden),
        ("Content-Length: {0}, {0}\r\n", b => b + Hidden),
        ("Content-Length: -1\r\n", b => b + Hidden),
        ("Content-Length: 0x{0}\r\n", b => b + Hidden),
        ("Content-Length: {0}.0\r\n", b => b + Hidden),
        ("Content-Length: \r\n", b => b + Hidden),
        ("Content-Length: 99999999999999999999\r\n", b => b + Hidden),
        ("Content-Length: 9223372036854775807\r\n", b => b + Hidden),
        ("Content-Length : {0}\r\n", b => b + Hidden),
        ("Content_Length: {0}\r\n", _ => ""),

        // Chunks whose size is none, negative, too large; extensions, trailers and bare line feeds (RFC 9112 §7.1).
        ("Transfer-Encoding: chunked\r\n", b => "-5\r\n" + b + "\r\n0\r\n\r\n" + Hidden),
        ("Transfer-Encoding: chunked\r\n", b => "0x5\r\n" + b + "\r\n0\r\n\r\n" + Hidden),
        ("Transfer-Encoding: chunked\r\n", b => "FFFFFFFFFFFFFFFF\r\n" + b + "\r\n0\r\n\r\n" + Hidden),
        ("Transfer-Encoding: chunked\r\n", b => "7FFFFFFF\r\n" + b),
        ("Transfer-Encoding: chunked\r\n", b => " " + Chunk(b) + "0\r\n\r\n" + Hidden),
        ("Transfer-Encoding: chunked\r\n", _ => "\r\n" + Hidden),
        ("Transfer-Encoding: chunked\r\n", b => Chunk(b).Replace("\r\n", "\n", StringComparison.Ordinal) + "0\n\n" + Hidden),
        ("Transfer-Encoding: chunked\r\n", b => Chunk(b)[..^2] + "xx0\r\n\r\n" + Hidden),
        ("Transfer-Encoding: chunked\r\n", _ => "1;" + new string('e', 20_000) + "\r\nx\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", _ => "1;a\nb\r\nx\r\n0\r\n\r\n" + Hidden),
        ("Transfer-Encoding: chunked\r\n", _ => string.Concat(Enumerable.Repeat("1\r\nx\r\n", 70_000)) + "0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", b => Chunk(b)),
    ];

    private static readonly string[] Lines =
    [
        // Lines that one server reads as one, and another as two (RFC 9112 §2.2, §5.1, §5.2).
        "X-A: b\r\n Content-Length: 0\r\n", "X-A: b\r\n\tTransfer-Encoding: chunked\r\n", "X-A: b\nContent-Length: 0\n",
        "X-A: b\rContent-Length: 0\r\n", "X-A: b\u0000c\r\n", "X-A\u0000: b\r\n", "X A: b\r\n", "X-A : b\r\n",
        ": b\r\n", "X-A\r\n", "X-A\r\n: b\r\n", " X-A: b\r\n", "\u0001: b\r\n", "X-A: \u007f\r\n", "Connection: Content-Length\r\n",
        "Connection: close, Host\r\n", "Host: evil.test\r\n", "Content-Length: 0\r\n", "X-A: b\r\r\n", "X-A: b\n\r\n",
    ];

    private static readonly string[] Starts =
    [
        // Request lines of other protocols and of none (RFC 9112 §3; RFC 9113 §3.4).
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /\r\n", "GET / HTTP/1.2\r\n", "GET / HTTP/9.9\r\n", "GET / http/1.1\r\n", "GET  / HTTP/1.1\r\n",
        "GET / HTTP/1.1 \r\n", "GET\t/\tHTTP/1.1\r\n", " GET / HTTP/1.1\r\n", "\r\n\r\n\r\nGET / HTTP/1.1\n",
        "GET /\u0000 HTTP/1.1\r\n", "GET / x HTTP/1.1\r\n", "G\u0000T / HTTP/1.1\r\n", "GET evil.test HTTP/1.1\r\n", "GET http:// HTTP/1.1\r\n",
        "CONNECT evil.test:443 HTTP/1.1\r\n", "OPTIONS * HTTP/1.1\r\n", "\u0016\u0003\u0001\u0002\u0000\u0001", "SSH-2.0-x\r\n", "{\"a\":1}\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "POST",
    ];

    public override void Spoil(Draft draft)
    {
        // Half of a surrogate pair and the like are other attacks' matter: here each character is a byte.
        switch (draft.Random.Next(4))
        {
            case 0:
                draft.Framing = Line(draft.Pick(Lines));
                break;

            case 1:
                var start = draft.Pick(Starts);
                draft.Framing = Start(start, draft.Head(""));
                (draft.Method, draft.Target) = (start.StartsWith("OPTIONS", StringComparison.Ordinal) ? "OPTIONS" : "GET", "/");
                break;

            default:
                draft.Framing = Length(draft.Pick(Lengths));
                break;
        }
    }

    private static Func<Draft, byte[]> Length((string Headers, Func<string, string> Body) how) => draft =>
    {
        var body = Encoding.Latin1.GetString(draft.Body);
        var headers = string.Format(CultureInfo.InvariantCulture, how.Headers, body.Length);
        return [.. draft.Head(headers), .. Encoding.Latin1.GetBytes(how.Body(body))];
    };

    private static Func<Draft, byte[]> Line(string line) => draft =>
    {
        var body = draft.Body is { Length: > 0 } own ? own : Encoding.ASCII.GetBytes(Hidden);
        return [.. draft.Head(string.Create(CultureInfo.InvariantCulture, $"{line}Content-Length: {body.Length}\r\n")), .. body];
    };

    private static Func<Draft, byte[]> Start(string start, byte[] head) => _ =>
        [.. Encoding.Latin1.GetBytes(start), .. head.AsSpan(head.AsSpan().IndexOf((byte)'\n') + 1)];

    private static string Chunk(string body) => string.Create(CultureInfo.InvariantCulture, $"{body.Length:x}\r\n{body}\r\n");
}
