using System.Text.Json;

namespace AuthFunctions.Protocol;

/// <summary>The parameter <c>claims</c> (OpenID Connect Core §5.5): which claims a client asks for by name, and what some of them must be.</summary>
/// <remarks>A claim that there is none of is left out of the answer, as §5.5.1 has it even for essential ones.</remarks>
public sealed record ClaimsRequest
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Names asked for in the ID token.</summary>
    public IReadOnlyList<string> IdToken { get; private init; } = [];

    /// <summary>Names asked for at the userinfo endpoint.</summary>
    public IReadOnlyList<string> UserInfo { get; private init; } = [];

    /// <summary>The only users that will do, by <c>sub</c>; null if anybody will.</summary>
    public IReadOnlyList<string>? Subjects { get; private init; }

    /// <summary>The classes of which an essential <c>acr</c> must be one; null if it need not be any.</summary>
    public IReadOnlyList<string>? EssentialAcr { get; private init; }

    /// <summary>What the parameter asks for; null if it is malformed.</summary>
    public static ClaimsRequest? Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, Strict);
            var root = json.RootElement;
            return root.ValueKind == JsonValueKind.Object ? Read(root) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            // No JSON, a member of another type, or a text that is not Unicode.
            return null;
        }
    }

    private static ClaimsRequest Read(JsonElement root)
    {
        var (idToken, userInfo) = (Members(root, "id_token"), Members(root, "userinfo"));
        var acr = idToken.FirstOrDefault(m => m.Name == "acr").Value;
        var subjects = idToken.Concat(userInfo).Where(m => m.Name == "sub").Select(m => Values(m.Value)).OfType<IReadOnlyList<string>>().ToList();
        return new ClaimsRequest
        {
            IdToken = [.. idToken.Select(m => m.Name)],
            UserInfo = [.. userInfo.Select(m => m.Name)],
            Subjects = subjects.Count == 0 ? null : subjects.Aggregate((one, other) => [.. one.Intersect(other, StringComparer.Ordinal)]),
            EssentialAcr = acr.ValueKind == JsonValueKind.Object && acr.TryGetProperty("essential", out var essential) && essential.GetBoolean()
                ? Values(acr)
                : null,
        };
    }

    private static List<JsonProperty> Members(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var claims) || claims.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        var members = claims.EnumerateObject().ToList();
        return members.TrueForAll(m => m.Value.ValueKind is JsonValueKind.Null or JsonValueKind.Object)
            ? members
            : throw new FormatException($"A member of {name} is neither null nor an object.");
    }

    /// <summary>The values that will do; null if any will.</summary>
    private static IReadOnlyList<string>? Values(JsonElement claim) =>
        claim.ValueKind != JsonValueKind.Object ? null
        : claim.TryGetProperty("value", out var value) ? [Text(value)]
        : claim.TryGetProperty("values", out var values) ? [.. values.EnumerateArray().Select(Text)]
        : null;

    private static string Text(JsonElement value) => value.GetString() ?? throw new FormatException("A value is null.");
}
