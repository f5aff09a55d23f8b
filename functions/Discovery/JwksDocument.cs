using System.Text.Json;
using System.Text.Json.Serialization;
using AuthFunctions.Protocol;
using AuthFunctions.SigningKeys;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Discovery;

/// <summary>A JSON Web Key Set (RFC 7517 §5).</summary>
public sealed record JwksBody(IReadOnlyList<Jwk> Keys);

/// <summary>Serialises the keys once for each time they are looked up.</summary>
public sealed class JwksDocument(IOptions<KeysOptions> options)
{
    private volatile Written? last;

    /// <summary>The document of these keys.</summary>
    public CacheableJson Of(KeySet keys)
    {
        if (last is not { } written || !ReferenceEquals(written.Keys, keys))
        {
            last = written = new Written(keys, Write(keys));
        }

        return written.Json;
    }

    private CacheableJson Write(KeySet keys) => new(
        JsonSerializer.SerializeToUtf8Bytes(new JwksBody([.. keys.Published.Select(k => k.PublicJwk)]), DiscoveryJson.Default.JwksBody),
        "application/jwk-set+json",
        options.Value.JwksCacheLifetime);

    private sealed record Written(KeySet Keys, CacheableJson Json);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DiscoveryDocument))]
[JsonSerializable(typeof(JwksBody))]
internal sealed partial class DiscoveryJson : JsonSerializerContext;
