using System.Text.Json.Serialization;

namespace OrdersApi;

/// <summary>
/// What an API says about itself (RFC 9728 §2), so that a client that only knows its address finds out whose tokens it takes and which
/// scopes there are. This file stands alone: copy it, make one, and call
/// <see cref="ProtectedResourceMetadataEndpoint.MapProtectedResourceMetadata"/>.
/// </summary>
public sealed record ProtectedResourceMetadata
{
    /// <summary>
    /// The API's identifier: an https URL without a fragment, and the <c>aud</c> of its tokens. Clients compare it with the address that they
    /// used (§3.3), so it is the API's public address too, never what a request's <c>Host</c> says.
    /// </summary>
    [JsonPropertyName("resource")]
    public required string Resource { get; init; }

    /// <summary>The issuers whose tokens it takes, exactly as in their <c>iss</c>; at least one.</summary>
    [JsonPropertyName("authorization_servers")]
    public required IReadOnlyList<string> AuthorizationServers { get; init; }

    /// <summary>Scopes that mean something to it.</summary>
    [JsonPropertyName("scopes_supported")]
    public required IReadOnlyList<string> ScopesSupported { get; init; }

    /// <summary>How a token may be sent (RFC 6750 §2); the header alone by default: bodies and URLs end up in logs.</summary>
    [JsonPropertyName("bearer_methods_supported")]
    public IReadOnlyList<string> BearerMethodsSupported { get; init; } = ["header"];

    /// <summary>Algorithms of DPoP proofs that it checks (RFC 9449); null, and left out, where it checks none.</summary>
    [JsonPropertyName("dpop_signing_alg_values_supported")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? DpopSigningAlgValuesSupported { get; init; }

    /// <summary>Whether it takes no token without a DPoP proof; false, the default, is left out.</summary>
    [JsonPropertyName("dpop_bound_access_tokens_required")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DpopBoundAccessTokensRequired { get; init; }

    /// <summary>A page for the developers of clients; null is left out.</summary>
    [JsonPropertyName("resource_documentation")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResourceDocumentation { get; init; }

    /// <summary>
    /// Where the metadata is: <c>resource_metadata</c> of challenges (§5.1). The well-known path goes between host and path of the
    /// identifier (§3.1).
    /// </summary>
    [JsonIgnore]
    public Uri MetadataUrl => new(new Uri(Resource), "/.well-known/oauth-protected-resource" + new Uri(Resource).AbsolutePath.TrimEnd('/'));
}

/// <summary>Serves <see cref="ProtectedResourceMetadata"/>.</summary>
public static class ProtectedResourceMetadataEndpoint
{
    /// <summary>Maps <c>GET</c> of the well-known path: for anyone, from any origin, and to be kept for an hour.</summary>
    public static IEndpointConventionBuilder MapProtectedResourceMetadata(this IEndpointRouteBuilder routes, ProtectedResourceMetadata metadata) =>
        routes.MapGet(metadata.MetadataUrl.AbsolutePath, (HttpResponse response) =>
        {
            response.Headers.CacheControl = "public, max-age=3600";
            response.Headers.AccessControlAllowOrigin = "*";
            return TypedResults.Ok(metadata);
        }).AllowAnonymous();
}
