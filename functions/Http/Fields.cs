using AuthFunctions.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AuthFunctions.Http;

/// <summary>The parameters of a query or of a form body, each at most once (RFC 6749 §3.1, §3.2).</summary>
public sealed class Fields
{
    private static readonly Fields None = new([]);

    /// <summary>RFC 8707 §2, RFC 8693 §2.1.</summary>
    private static readonly string[] Repeatable = ["resource", "audience"];

    private readonly Dictionary<string, StringValues> values;

    private Fields(IEnumerable<KeyValuePair<string, StringValues>> values) => this.values = new(values, StringComparer.Ordinal);

    /// <summary>What makes the request unreadable, or null.</summary>
    public OAuthError? Fault { get; private init; }

    /// <summary>The parameter's value; null if it is missing or empty, which RFC 6749 §3.1 treats alike, or repeated.</summary>
    public string? this[string name] => values.TryGetValue(name, out var value) && value.Count == 1 && value[0] is { Length: > 0 } only ? only : null;

    /// <summary>All values of a parameter that may be repeated (<c>resource</c>, <c>audience</c>).</summary>
    public IReadOnlyList<string> All(string name) =>
        values.TryGetValue(name, out var all) ? [.. all.Where(v => !string.IsNullOrEmpty(v)).Select(v => v!)] : [];

    /// <summary>The query's parameters.</summary>
    public static Fields OfQuery(HttpRequest request) => Of(request.Query);

    /// <summary>The body's parameters, which must be <c>application/x-www-form-urlencoded</c>.</summary>
    public static async Task<Fields> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (!IsForm(request.ContentType))
        {
            return Unreadable("the body must be application/x-www-form-urlencoded");
        }

        try
        {
            return Of(await request.ReadFormAsync(ct));
        }
        catch (InvalidDataException)
        {
            return Unreadable("the body has too many or too long parameters");
        }
        catch (IOException cut) when (cut is not BadHttpRequestException)
        {
            // What the server says of a chunk's size that is too large for it, and of a caller that went away.
            return Unreadable("the body cannot be read");
        }
    }

    /// <summary>Parameters that came by other ways.</summary>
    public static Fields Of(IEnumerable<KeyValuePair<string, StringValues>> source)
    {
        var fields = new Fields(source);
        var repeated = fields.values.FirstOrDefault(f => f.Value.Count > 1 && !Repeatable.Contains(f.Key, StringComparer.Ordinal)).Key;
        return repeated is null ? fields : Unreadable("a parameter is repeated");
    }

    private static Fields Unreadable(string why) => new(None.values) { Fault = OAuthError.InvalidRequest(why) };

    /// <summary>
    /// Parsed as the framework parses it, which throws on a form whose header it cannot read and on some charsets. Parameters are UTF-8
    /// (RFC 6749 appendix B).
    /// </summary>
    private static bool IsForm(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
