using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthFunctions.Sites;

namespace AuthFunctions.Discovery;

/// <summary>
/// The shipped contract (openapi.json), for each site with its issuer as the server. Read when it is first asked for: a start need not wait for
/// it.
/// </summary>
public sealed class OpenApiDocuments
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ConcurrentDictionary<string, CacheableJson> documents = new(StringComparer.Ordinal);

    /// <summary>The document in JSON.</summary>
    public CacheableJson Of(Site site) => documents.GetOrAdd(site.Name, _ => CacheableJson.Metadata(Write(site)));

    private static byte[] Write(Site site)
    {
        using var resource = typeof(OpenApiDocuments).Assembly.GetManifestResourceStream("AuthFunctions.Discovery.openapi.json")!;
        var document = JsonNode.Parse(resource)!;
        document["servers"]![0]!["url"] = site.Issuer;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            document.WriteTo(json);
        }

        return buffer.ToArray();
    }
}
