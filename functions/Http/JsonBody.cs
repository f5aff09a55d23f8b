using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Http;

/// <summary>
/// The JSON object of a request. Unknown fields are ignored; the first fault met is kept in <see cref="Fault"/>, so that a function
/// reads its fields in a row and answers once.
/// </summary>
public sealed class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private readonly JsonElement fields;

    private JsonBody(JsonElement fields) => this.fields = fields;

    /// <summary>What is wrong with the request so far, or null.</summary>
    public Problem? Fault { get; private set; }

    /// <summary>Reads a body that must be there.</summary>
    public static Task<JsonBody> ReadAsync(HttpRequest request, CancellationToken ct) => ReadAsync(request, mayBeEmpty: false, ct);

    /// <summary>Reads a body if there is one; none counts as no fields.</summary>
    public static Task<JsonBody> ReadIfAnyAsync(HttpRequest request, CancellationToken ct) => ReadAsync(request, mayBeEmpty: true, ct);

    /// <summary>A text field, or null if it is missing or null.</summary>
    public string? Optional(string name)
    {
        if (fields.ValueKind != JsonValueKind.Object || !fields.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Fault ??= Problem.InvalidRequest($"{name} must be a string.", name);
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or bytes that are not UTF-8.
            Fault ??= Problem.InvalidRequest($"{name} is not valid Unicode.", name);
            return null;
        }
    }

    /// <summary>A text field that must be there and not be empty. Empty if it is not, with <see cref="Fault"/> set.</summary>
    public string Required(string name)
    {
        var value = Optional(name);
        if (string.IsNullOrEmpty(value))
        {
            Fault ??= Problem.InvalidRequest($"{name} is required.", name);
        }

        return value ?? "";
    }

    private static async Task<JsonBody> ReadAsync(HttpRequest request, bool mayBeEmpty, CancellationToken ct)
    {
        if (mayBeEmpty && request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding"))
        {
            return new JsonBody(default);
        }

        if (!request.HasJsonContentType())
        {
            return new JsonBody(default) { Fault = new Problem(415, "unsupported_media_type", "The body must be application/json.") };
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, Strict, ct);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new JsonBody(document.RootElement.Clone())
                : new JsonBody(default) { Fault = Problem.InvalidRequest("The body must be a JSON object.") };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter for a field whose name is half of a surrogate pair: the look for repeated names reads all of them.
            return new JsonBody(default) { Fault = Problem.InvalidRequest("The body is not valid JSON.") };
        }
        catch (IOException cut) when (cut is not BadHttpRequestException)
        {
            return new JsonBody(default) { Fault = Problem.InvalidRequest("The body cannot be read.") };
        }
    }
}
