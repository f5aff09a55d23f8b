using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthFunctions.Tests.OpenApi;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Properties;

/// <summary>What a caller may really have.</summary>
/// <param name="Cookies">Of somebody who is signed in, with the page forms' cookie.</param>
/// <param name="Csrf">The token that fits it.</param>
/// <param name="Tokens">Access and refresh tokens and other handles, all genuine.</param>
/// <param name="Operator">An operator's access token.</param>
internal sealed record Holdings(string Cookies, string Csrf, IReadOnlyList<string> Tokens, string Operator);

/// <summary>
/// Requests that are almost right: the contract's own examples, sent by somebody who may, with one to three things spoiled. By their numbers
/// they are always the same.
/// </summary>
internal sealed class MalformedRequests(int seed, Holdings holdings)
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    private static readonly string[] Methods = ["PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "DELETE", "POST", "GET", "get", "PROPFIND", "X"];

    private static readonly string[] Hosts =
    [
        "auth.fabrikam.localhost:7071", "AUTH.contoso.localhost:7071", "evil.test", "auth.contoso.localhost", "xn--10", "[::1]", "", "a b", "auth.contoso.localhost:99999",
        "\u00e9.test", ":", new string('h', 300),
    ];

    private static readonly string[] ContentTypes =
    [
        Json, Form, "", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "application/json; charset=utf-7", Form + "; charset=utf-16", ";", "/",
        "application/jose", "application/json;;=", "application/x-www-form-urlencoded; charset=\"", "application/merge-patch+json",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "\0", "\u0001\u007f", "%", "%zz", "%00", "%ff%fe", "%c0%af", "..", "../../admin", "..%2f..%2f", "'", "\"", "<script>", "{}", "[]", "null", "true", "-1", "1e999",
        "99999999999999999999", "\ud83d\ude00", "\u202e", "e\u0301", "\ufffe", "\\ud800", "a@b", "@", "a@" + new string('b', 300), "urn:ietf:params:oauth:request_uri:par_x",
        "http://127.0.0.1", "javascript:alert(1)", "//evil.test", "https://evil.test\\@auth.contoso.localhost", "none login", "openid openid", "openid  email", "sid_", "rt_",
        "code_AAAA", "link_", "par_", "dev_", "sealed_AAAA", "CfDJ8AAAA", new string('a', 5000), new string('\u4e2d', 3000),
    ];

    private static readonly byte[][] BadBytes = [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0x00], [0xef, 0xbb, 0xbf], [0xf8, 0x88, 0x80, 0x80, 0x80]];

    private readonly IReadOnlyList<Operation> operations = OpenApiContract.Shared.Operations;

    /// <summary>The request of this number; of number zero to the number of operations, each operation's own example.</summary>
    public (Operation Operation, RawRequest Request) Make(int number)
    {
        var draft = new Draft(operations[number % operations.Count], new Random(HashCode(seed, number)), holdings);
        for (var spoils = number < operations.Count ? 0 : draft.Random.Next(1, 4); spoils > 0; spoils--)
        {
            Spoil(draft);
        }

        return (draft.Operation, draft.Write());
    }

    private static int HashCode(int seed, int number) => unchecked((seed * 397) ^ (number * 486187739));

    private static void Spoil(Draft draft)
    {
        var random = draft.Random;
        switch (random.Next(14))
        {
            case 0 or 1 or 2 when draft.Fields.Count > 0:
                var field = random.Next(draft.Fields.Count);
                draft.Fields[field] = (draft.Fields[field].Name, Value(draft));
                break;

            case 3 when draft.Fields.Count > 0:
                draft.Fields.RemoveAt(random.Next(draft.Fields.Count));
                break;

            case 4 when draft.Fields.Count > 0:
                draft.Fields.Add(draft.Fields[random.Next(draft.Fields.Count)]);
                break;

            case 5 when draft.Body is not null:
                draft.Cut = BadBytes[random.Next(BadBytes.Length)];
                break;

            case 6 when draft.Body is not null:
                draft.Literal = random.Next(5) switch
                {
                    0 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", 5000))),
                    1 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"email\":", 2000))),
                    2 => Encoding.UTF8.GetBytes(string.Join('&', Enumerable.Range(0, 2000).Select(i => $"f{i}=x"))),
                    3 => new byte[70_000],
                    _ => Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length)]),
                };
                break;

            case 7:
                draft.PathValue = Texts[random.Next(Texts.Length)];
                draft.Query.Add((Pick(random, ["fresh", "token", "sealed", "prompt", "state", "client_id", "x"]), Value(draft)));
                break;

            case 8:
                draft.ContentType = Pick(random, ContentTypes);
                break;

            case 9:
                draft.Headers["Authorization"] = Pick(random, ["Bearer ", "DPoP ", "Basic ", "bearer", "Negotiate ", ""])
                    + (random.Next(3) == 0 ? Convert.ToBase64String(Encoding.UTF8.GetBytes(Pick(random, ["demo-web", "nobody:", ":", "%ff:%zz", "demo-web:\0"]))) : Text(draft));
                break;

            case 10:
                draft.Headers["Cookie"] = random.Next(4) switch
                {
                    0 => draft.Holdings.Cookies + "; big=" + new string('c', random.Next(3000, 40_000)),
                    1 => string.Join("; ", Enumerable.Range(0, 300).Select(i => $"c{i}=\"{i}")),
                    2 => draft.Holdings.Cookies + "; __Host-sid=x",
                    _ => Pick(random, ["__Host-sid=", "__Secure-at=", "__Host-rt=", "__Host-csrf=", "__Host-device=", "__Host-handoff-47DEQpj8="]) + Text(draft),
                };
                break;

            case 11:
                draft.Method = Pick(random, Methods);
                draft.Headers["X-HTTP-Method-Override"] = "DELETE";
                break;

            case 12:
                draft.Host = Pick(random, Hosts);
                break;

            default:
                var name = Pick(random, ["Origin", "DPoP", "If-None-Match", "Accept-Language", "Sec-Fetch-Mode", "Sec-Fetch-Site", "User-Agent", "Expect", "Range", "Content-Encoding", "X-Forwarded-Host"]);
                draft.Headers[name] = random.Next(4) switch { 0 => "null", 1 => "de;q=abc, *;q=2, \"", 2 => "gzip, 100-continue, W/\"x", _ => Text(draft) };
                break;
        }
    }

    private static JsonNode? Value(Draft draft) => draft.Random.Next(6) switch
    {
        0 => 12345678901234567890m,
        1 => new JsonArray("x", 1, new JsonObject()),
        2 => new JsonObject { ["a"] = new JsonObject { ["b"] = null } },
        3 => null,
        _ => Text(draft),
    };

    /// <summary>A text that parsers stumble over, something genuine where it does not belong, or a forgery of it.</summary>
    private static string Text(Draft draft)
    {
        var random = draft.Random;
        var genuine = draft.Holdings.Tokens[random.Next(draft.Holdings.Tokens.Count)];
        return random.Next(6) switch
        {
            0 => genuine,
            1 => Changed(genuine, random),
            2 => genuine.Split('.') is [_, var claims, var signature] ? $"{Header(random)}.{claims}.{signature}" : genuine + genuine,
            3 => $"{Header(random)}.{Encode(Pick(random, ["{}", "[]", "{\"sub\":1,\"aud\":{},\"exp\":\"x\"}", "{\"exp\":1e300}", "x"]))}.{Pick(random, ["", "AA", "!!"])}",
            _ => Pick(random, Texts),
        };
    }

    private static string Header(Random random) => Encode(Pick(random,
    [
        "{\"alg\":\"none\"}", "{\"alg\":\"none\",\"typ\":\"at+jwt\"}", "{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}", "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"wrong\"}",
        "{\"alg\":\"ES256\",\"kid\":[1]}", "{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\",\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}}",
        "{\"alg\":\"ES256\",\"crit\":[\"x\"],\"x\":\"" + new string('h', 6000) + "\"}", "[]", "{", "{\"alg\":\"\\ud800\"}",
    ]));

    private static string Changed(string text, Random random)
    {
        var at = random.Next(text.Length);
        return text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    /// <summary>A request as it is put together: an operation's example at first.</summary>
    private sealed class Draft
    {
        public Draft(Operation operation, Random random, Holdings holdings)
        {
            (Operation, Random, Holdings, Method) = (operation, random, holdings, operation.Method);
            foreach (var parameter in Members(operation.Json, "parameters").Select(OpenApiContract.Shared.Resolve))
            {
                if (parameter.TryGetProperty("example", out var example) && parameter.GetProperty("in").GetString() == "query")
                {
                    Query.Add((parameter.GetProperty("name").GetString()!, example.GetString()));
                }
                else if (parameter.GetProperty("in").GetString() == "path")
                {
                    PathValue = parameter.GetProperty("example").GetString()!;
                }
            }

            if (operation.Json.TryGetProperty("requestBody", out var body))
            {
                var contents = body.GetProperty("content").EnumerateObject().ToList();
                var content = contents[random.Next(contents.Count)];
                ContentType = Body = content.Name;
                Fields = [.. content.Value.GetProperty("example").EnumerateObject().Select(f => (f.Name, JsonNode.Parse(f.Value.GetRawText())))];
                if (Fields.FindIndex(f => f.Name == "csrf") is >= 0 and var csrf)
                {
                    Fields[csrf] = ("csrf", holdings.Csrf);
                }
            }

            var isPage = Body == Form;
            Headers["Origin"] = isPage ? Contoso : ContosoApp;
            Headers["X-Requested-With"] = "fetch";
            if (operation.Path.StartsWith("/manage", StringComparison.Ordinal) || operation.Path == "/userinfo")
            {
                Headers["Authorization"] = "Bearer " + (operation.Path == "/userinfo" ? holdings.Tokens[0] : holdings.Operator);
            }
            else if (isPage || operation.Json.GetProperty("security").GetArrayLength() > 0)
            {
                Headers["Cookie"] = holdings.Cookies;
            }
        }

        public Operation Operation { get; }

        public Random Random { get; }

        public Holdings Holdings { get; }

        public string Method { get; set; }

        public string Host { get; set; } = "auth.contoso.localhost:7071";

        public string PathValue { get; set; } = "";

        public List<(string Name, JsonNode? Value)> Query { get; } = [];

        public Dictionary<string, string> Headers { get; } = [];

        /// <summary>What the operation takes; null if it takes none.</summary>
        public string? Body { get; }

        public string? ContentType { get; set; }

        public List<(string Name, JsonNode? Value)> Fields { get; } = [];

        /// <summary>Bytes put into the middle of the body.</summary>
        public byte[]? Cut { get; set; }

        /// <summary>Another body altogether.</summary>
        public byte[]? Literal { get; set; }

        public RawRequest Write()
        {
            var path = Operation.Path.Split('{', '}') is [var before, _, var after] ? before + Escaped(PathValue) + after : Operation.Path;
            var target = Query.Count == 0 ? path : $"{path}?{Write(Query)}";
            var body = Literal ?? (Body is null ? [] : Encoding.UTF8.GetBytes(Body == Json ? WriteJson() : Write(Fields)));
            if (Cut is { } cut)
            {
                body = [.. body.AsSpan(0, body.Length / 2), .. cut, .. body.AsSpan(body.Length / 2)];
            }

            return new RawRequest(
                Method,
                Encoding.UTF8.GetBytes(target),
                Encoding.UTF8.GetBytes(Host),
                [
                    .. Headers.Select(h => (h.Key, Encoding.UTF8.GetBytes(h.Value))),
                    .. ContentType is null ? [] : new[] { ("Content-Type", Encoding.UTF8.GetBytes(ContentType)) },
                ],
                body);
        }

        private static JsonElement.ArrayEnumerator Members(JsonElement json, string name) =>
            json.TryGetProperty(name, out var members) ? members.EnumerateArray() : default;

        /// <summary>By hand: a repeated field is one of the things to be sent.</summary>
        private string WriteJson() => "{" + string.Join(',', Fields.Select(f => $"{JsonSerializer.Serialize(f.Name)}:{f.Value?.ToJsonString() ?? "null"}")) + "}";

        private string Write(List<(string Name, JsonNode? Value)> fields) => string.Join('&', fields.Select(f =>
            $"{f.Name}={Escaped(f.Value is null ? "" : f.Value.GetValueKind() == JsonValueKind.String ? f.Value.GetValue<string>() : f.Value.ToJsonString())}"));

        /// <summary>Escaped; now and then as it is, but for what would end the request line.</summary>
        private string Escaped(string text) => Random.Next(4) == 0
            ? text.Replace(" ", "+", StringComparison.Ordinal).Replace("?", "%3F", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal)
            : Uri.EscapeDataString(text);
    }
}
