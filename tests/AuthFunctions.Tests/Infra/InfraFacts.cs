using System.Text.Json.Nodes;

namespace AuthFunctions.Tests.Infra;

/// <summary>What scripts/lib/infra-check.mjs read in one copy of infra/.</summary>
internal sealed class InfraFacts(JsonNode root)
{
    /// <summary>Why no deployment could be worked out, or null.</summary>
    public string? Problem => (string?)root["problem"];

    public IReadOnlyList<JsonNode> Files => [.. root["files"]!.AsArray().Select(f => f!)];

    /// <summary>Every resource that would be deployed, those of the modules included.</summary>
    public IReadOnlyList<JsonNode> Resources => [.. root["deployment"]?["resources"]!.AsArray().Select(r => r!) ?? []];

    /// <summary>The app settings of the site, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings =>
        [.. (Property("site", "properties.siteConfig.appSettings")?.AsArray() ?? []).Select(s => KeyValuePair.Create((string)s!["name"]!, $"{s["value"]}"))];

    public IReadOnlyDictionary<string, JsonNode?> Outputs =>
        root["deployment"]?["outputs"]!.AsObject().ToDictionary(o => o.Key, o => o.Value, StringComparer.Ordinal) ?? [];

    public IEnumerable<JsonNode> OfType(string type) => Resources.Where(r => ((string)r["type"]!).StartsWith(type + "@", StringComparison.Ordinal));

    public JsonNode File(string path) => Files.Single(f => (string)f["path"]! == path);

    /// <summary>A property of the resource with that symbol, or null: <c>properties.sku.name</c>.</summary>
    public JsonNode? Property(string symbol, string path)
    {
        var at = Resources.FirstOrDefault(r => (string)r["symbol"]! == symbol)?["body"];
        foreach (var name in path.Split('.'))
        {
            at = at is JsonArray list ? list[int.Parse(name, null)] : at?[name];
        }

        return at;
    }
}
