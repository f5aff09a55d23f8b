using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthFunctions.Tests.OpenApi;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthFunctions.Tests.Hostile;

/// <summary>A request as it is put together: a valid call at first, of which attacks spoil this and that.</summary>
internal sealed class Draft
{
    public const string Json = "application/json";
    public const string Form = "application/x-www-form-urlencoded";

    private Draft(Operation operation, int port, Random random) => (Operation, Port, Random, Method) = (operation, port, random, operation.Method);

    public Operation Operation { get; }

    /// <summary>The port of the service that the call is valid at.</summary>
    public int Port { get; }

    /// <summary>Decides what is spoiled, and how.</summary>
    public Random Random { get; }

    public string Method { get; set; }

    /// <summary>The Host header.</summary>
    public string Host { get; set; } = "";

    /// <summary>The path as it is sent.</summary>
    public string Path { get; set; } = "";

    /// <summary>The whole request target, where it is not path and query.</summary>
    public string? Target { get; set; }

    /// <summary>Where in the path its one parameter stands; null if it has none.</summary>
    public (string Before, string After)? AroundParameter { get; private init; }

    public List<Field> Query { get; private init; } = [];

    /// <summary>All but Host, Cookie and what tells of the body.</summary>
    public List<(string Name, string Value)> Headers { get; private init; } = [];

    public List<Field> Cookies { get; private init; } = [];

    public List<Field> Fields { get; private init; } = [];

    /// <summary>The body's type in the valid call; null if it has no body.</summary>
    public string? BodyType { get; private init; }

    public string? ContentType { get; set; }

    /// <summary>Another body altogether.</summary>
    public byte[]? Literal { get; set; }

    /// <summary>Bytes put into the middle of the body.</summary>
    public byte[]? Cut { get; set; }

    /// <summary>Writes the request in another way than by Content-Length, and on a connection of its own.</summary>
    public Func<Draft, byte[]>? Framing { get; set; }

    /// <summary>The body's bytes.</summary>
    public byte[] Body
    {
        get
        {
            var body = Literal ?? (BodyType is null ? [] : Bytes(BodyType == Json ? WriteJson() : string.Join('&', Fields.Select(f => f.Written))));
            return Cut is { } cut ? [.. body.AsSpan(0, body.Length / 2), .. cut, .. body.AsSpan(body.Length / 2)] : body;
        }
    }

    /// <summary>A call as it would be sent.</summary>
    public static async Task<Draft> OfAsync(Operation operation, Call call)
    {
        var (request, url) = (call.Request, call.Request.RequestUri!);
        var type = request.Content?.Headers.ContentType?.ToString();
        var text = request.Content is null ? "" : await request.Content.ReadAsStringAsync();
        var isJson = type?.StartsWith(Json, StringComparison.Ordinal) == true;
        return new Draft(operation, call.Service.Port, new Random(0))
        {
            Host = request.Headers.Host ?? url.Authority,
            Path = url.AbsolutePath,
            AroundParameter = Around(operation.Path),
            Query = Parsed(url.Query),
            Headers =
            [
                .. request.Headers.Where(h => h.Key is not ("Cookie" or "Host")).Select(h => (h.Key, string.Join(", ", h.Value))),
                .. call.Browser.Headers.Select(h => (h.Key, h.Value)),
            ],
            Cookies = [.. call.Browser.CookiesFor(url).Select(c => new Field(c.Name, c.Value))],
            ContentType = type,
            BodyType = type is null ? null : isJson ? Json : Form,
            Fields = !isJson ? Parsed(text) : [.. JsonNode.Parse(text)!.AsObject().Select(f => new Field(f.Key, f.Value?.DeepClone()))],
        };
    }

    /// <summary>The same for another to spoil.</summary>
    public Draft Copy(Random random) => new(Operation, Port, random)
    {
        Host = Host,
        Path = Path,
        AroundParameter = AroundParameter,
        Query = [.. Query],
        Headers = [.. Headers],
        Cookies = [.. Cookies],
        ContentType = ContentType,
        BodyType = BodyType,
        Fields = [.. Fields.Select(f => f with { Value = f.Value?.DeepClone() })],
    };

    /// <summary>Sets a header, in place of what is there.</summary>
    public void Set(string name, string value)
    {
        Headers.RemoveAll(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        Headers.Add((name, value));
    }

    /// <summary>One of these.</summary>
    public T Pick<T>(IReadOnlyList<T> from) => from[Random.Next(from.Count)];

    /// <summary>What goes over the wire.</summary>
    public byte[] Write()
    {
        if (Framing is { } framing)
        {
            return framing(this);
        }

        var body = Body;
        return [.. Head(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n")), .. body];
    }

    /// <summary>The request line and the headers, of which the last ones tell how long the body is.</summary>
    public byte[] Head(string framing)
    {
        var head = new StringBuilder($"{Method} {OneLine(RequestTarget)} HTTP/1.1\r\nHost: {OneLine(Host)}\r\n");
        foreach (var (name, value) in Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {OneLine(value)}\r\n");
        }

        if (Cookies.Count > 0)
        {
            head.Append(CultureInfo.InvariantCulture, $"Cookie: {OneLine(string.Join("; ", Cookies.Select(c => $"{c.Name}={c.Text}")))}\r\n");
        }

        if (ContentType is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {OneLine(ContentType)}\r\n");
        }

        return Bytes(head.Append(framing).Append("\r\n").ToString());
    }

    /// <summary>True if no server has a reason to cut it off without an answer.</summary>
    public bool IsPlain(byte[] bytes) => Framing is null && bytes.Length < 30_000
        && Head("").All(b => b is (byte)'\r' or (byte)'\n' or >= 0x20 and < 0x7F) && RequestTarget.Length < 8000;

    private string RequestTarget => Target ?? (Query.Count == 0 ? Path : $"{Path}?{string.Join('&', Query.Select(q => q.Written))}");

    private static (string, string)? Around(string route) => route.Split('{', '}') is [var before, _, var after] ? (before, after) : null;

    private static List<Field> Parsed(string query) =>
        [.. QueryHelpers.ParseQuery(query).SelectMany(p => p.Value.Select(v => new Field(p.Key, v)))];

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A line break would make another request of it, which is the attacks on framing's matter.</summary>
    private static string OneLine(string text) => text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);

    /// <summary>By hand: a repeated field is one of the things to be sent.</summary>
    private string WriteJson() =>
        "{" + string.Join(',', Fields.Select(f => $"{JsonSerializer.Serialize(f.Name)}:{f.Value?.ToJsonString() ?? "null"}")) + "}";
}
