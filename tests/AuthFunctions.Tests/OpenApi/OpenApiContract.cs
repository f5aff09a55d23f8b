using System.Text.Json;
using System.Text.RegularExpressions;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.OpenApi;

/// <summary>An operation of the contract.</summary>
/// <param name="Id">Its operationId.</param>
/// <param name="Method">The method, in upper case.</param>
/// <param name="Path">The path, with its parameters in braces.</param>
/// <param name="Json">The rest of it.</param>
internal sealed record Operation(string Id, string Method, string Path, JsonElement Json)
{
    private readonly Regex path = new($"^{Regex.Replace(Regex.Escape(Path), @"\\\{[^}]+}", "[^/]+")}/?$", RegexOptions.IgnoreCase);

    /// <summary>Routes regard neither case nor a slash at the end.</summary>
    public bool Matches(string otherPath) => path.IsMatch(otherPath);
}

/// <summary>An answer as it came over the wire.</summary>
internal sealed record WireAnswer(int Status, string? ContentType, Func<string, string?> Header, string Body);

/// <summary>openapi.json, to hold live answers to it.</summary>
internal sealed class OpenApiContract
{
    private static readonly int[] OfTheServer = [400, 405, 408, 411, 413, 414, 431, 501, 505];

    private readonly JsonElement document;
    private readonly JsonSchema schema;

    public OpenApiContract(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        document = parsed.RootElement.Clone();
        schema = new JsonSchema(document);
        Operations =
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from method in path.Value.EnumerateObject()
               select new Operation(method.Value.GetProperty("operationId").GetString()!, method.Name.ToUpperInvariant(), path.Name, method.Value),
        ];
    }

    /// <summary>The file.</summary>
    public static string File { get; } = Path.Combine(Azurite.RepositoryRoot, "functions", "Discovery", "openapi.json");

    /// <summary>The contract, read once.</summary>
    public static OpenApiContract Shared { get; } = new(System.IO.File.ReadAllText(File));

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>Everything that it says may be answered: <c>Token 400 application/json</c>.</summary>
    public IReadOnlyList<string> Answers =>
    [
        .. from operation in Operations
           from response in operation.Json.GetProperty("responses").EnumerateObject()
           let content = schema.Resolve(response.Value).TryGetProperty("content", out var types) ? types.EnumerateObject().Select(t => t.Name) : [""]
           from type in content
           select $"{operation.Id} {response.Name} {type}".TrimEnd(),
    ];

    public Operation? Find(string method, string path) => Operations.FirstOrDefault(o => o.Method == method && o.Matches(path));

    /// <summary>What a request's body or a parameter is to be, references resolved.</summary>
    public JsonElement Resolve(JsonElement element) => schema.Resolve(element);

    /// <summary>Which answer of the contract it is (<c>Token 400 application/json</c>), and in what it differs.</summary>
    public (string? Answer, IReadOnlyList<string> Faults) Check(string method, string path, WireAnswer answer)
    {
        // What is no HTTP at all, or too long for the server in front, never reaches the service.
        if (answer.Header("X-Content-Type-Options") != "nosniff")
        {
            return (null, OfTheServer.Contains(answer.Status) && answer.Body.Length == 0 ? [] : [$"{answer.Status} without nosniff"]);
        }

        // The contract tells of these once, for all.
        var operation = Find(method, path);
        if (answer.Status is 408 or 500 || operation is null)
        {
            return (null, OfNoOperation(method, answer));
        }

        if (!operation.Json.GetProperty("responses").TryGetProperty($"{answer.Status}", out var found))
        {
            return (null, [$"{operation.Id} tells of no {answer.Status}: {answer.Body}"]);
        }

        var response = schema.Resolve(found);
        var type = answer.ContentType?.Split(';')[0];
        var faults = HeaderFaults(response, answer).Concat(BodyFaults(response, type, answer.Body)).Select(f => $"{operation.Id} {answer.Status}: {f}");
        return ($"{operation.Id} {answer.Status} {type}".TrimEnd(), [.. faults]);
    }

    private IReadOnlyList<string> OfNoOperation(string method, WireAnswer answer)
    {
        if (method is "HEAD" or "OPTIONS" && answer.Body.Length == 0)
        {
            return answer.Status is 204 or 400 or 404 or 405 or 413 or 421 ? [] : [$"{method} is answered with {answer.Status}"];
        }

        return answer.Status is not (400 or 404 or 405 or 408 or 413 or 421 or 500) ? [$"{answer.Status} where there is no operation"]
            : answer.ContentType != "application/problem+json" ? [$"{answer.Status} is {answer.ContentType}"]
            : schema.Faults(document.GetProperty("components").GetProperty("schemas").GetProperty("Problem"), Parse(answer.Body));
    }

    private IEnumerable<string> HeaderFaults(JsonElement response, WireAnswer answer)
    {
        foreach (var header in response.TryGetProperty("headers", out var headers) ? headers.EnumerateObject() : [])
        {
            var described = schema.Resolve(header.Value);
            var required = described.TryGetProperty("required", out var flag) && flag.GetBoolean();
            var faults = answer.Header(header.Name) is { } value
                ? schema.Faults(described.GetProperty("schema"), JsonSerializer.SerializeToElement(value), header.Name)
                : required ? [$"{header.Name} is missing"] : [];
            foreach (var fault in faults)
            {
                yield return fault;
            }
        }
    }

    private IReadOnlyList<string> BodyFaults(JsonElement response, string? type, string body)
    {
        if (!response.TryGetProperty("content", out var content))
        {
            return type is null && body.Length == 0 ? [] : [$"a body of {type} where there is to be none"];
        }

        return type is null || !content.TryGetProperty(type, out var media) ? [$"{type ?? "no content"} is not in the contract: {body}"]
            : !type.EndsWith("json", StringComparison.Ordinal) ? []
            : schema.Faults(media.GetProperty("schema"), Parse(body));
    }

    private static JsonElement Parse(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        return parsed.RootElement.Clone();
    }
}

/// <summary>Every answer that a test's browser gets is held to the contract.</summary>
internal static class OpenApiHolds
{
    /// <summary>Asserts that the contract tells of the answer, and says as what: <c>Token 400 application/json</c>; null for what is no operation's.</summary>
    public static async Task<string?> HoldAsync(this HttpResponseMessage response)
    {
        var (method, path) = (response.RequestMessage!.Method.Method, response.RequestMessage.RequestUri!.AbsolutePath);
        if (path.StartsWith("/admin/", StringComparison.Ordinal))
        {
            // The Functions host's own.
            return null;
        }

        var type = response.Content.Headers.ContentType?.MediaType;
        var text = type is null || type.StartsWith("text/", StringComparison.Ordinal) ? "" : await response.Content.ReadAsStringAsync();
        var (answer, faults) = OpenApiContract.Shared.Check(method, path, new((int)response.StatusCode, type, Header, text));
        Assert.True(faults.Count == 0, $"openapi.json tells otherwise of {method} {path}:\n{string.Join('\n', faults)}");
        return answer;

        string? Header(string name) =>
            response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;
    }
}
