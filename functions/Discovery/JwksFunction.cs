using System.Text.Json;
using System.Text.Json.Serialization;
using AuthFunctions.Protocol;
using AuthFunctions.SigningKeys;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Discovery;

/// <summary><c>GET /.well-known/jwks.json</c>: the public signing keys (RFC 7517 §5), cacheable by anyone.</summary>
public sealed class JwksFunction(KeyRing keys, IOptions<KeysOptions> options)
{
    [Function("Jwks")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ".well-known/jwks.json")] HttpRequest request, CancellationToken ct)
    {
        var published = (await keys.KeysAsync(ct)).Published;
        var body = JsonSerializer.SerializeToUtf8Bytes(new JwksBody([.. published.Select(k => k.PublicJwk)]), DiscoveryJson.Default.JwksBody);
        await CacheableJson.WriteAsync(request, body, "application/jwk-set+json", options.Value.JwksCacheLifetime, ct);
    }
}

/// <summary>A JSON Web Key Set.</summary>
public sealed record JwksBody(IReadOnlyList<Jwk> Keys);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DiscoveryDocument))]
[JsonSerializable(typeof(JwksBody))]
internal sealed partial class DiscoveryJson : JsonSerializerContext;
