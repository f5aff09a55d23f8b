using System.Text.Json;
using AuthFunctions.Clients;
using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using AuthFunctions.Tokens;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Discovery;

/// <summary>Metadata of a site's issuer (OpenID Connect Discovery §3, RFC 8414 §2): what is supported and nothing else.</summary>
public sealed record DiscoveryDocument
{
    public required string Issuer { get; init; }

    public required string AuthorizationEndpoint { get; init; }

    public required string TokenEndpoint { get; init; }

    public required string UserinfoEndpoint { get; init; }

    public required string JwksUri { get; init; }

    public required string RevocationEndpoint { get; init; }

    public required string IntrospectionEndpoint { get; init; }

    public required string PushedAuthorizationRequestEndpoint { get; init; }

    public required string DeviceAuthorizationEndpoint { get; init; }

    public required string EndSessionEndpoint { get; init; }

    public required IReadOnlyList<string> ScopesSupported { get; init; }

    public required IReadOnlyList<string> GrantTypesSupported { get; init; }

    public IReadOnlyList<string> ResponseTypesSupported { get; } = ["code"];

    public IReadOnlyList<string> ResponseModesSupported { get; } = ["query", "form_post"];

    public IReadOnlyList<string> SubjectTypesSupported { get; } = ["public", "pairwise"];

    public IReadOnlyList<string> IdTokenSigningAlgValuesSupported { get; } = ["ES256"];

    public IReadOnlyList<string> UserinfoSigningAlgValuesSupported { get; } = ["ES256"];

    public IReadOnlyList<string> TokenEndpointAuthMethodsSupported { get; } =
        ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];

    public IReadOnlyList<string> TokenEndpointAuthSigningAlgValuesSupported => ClientJwtVerifier.Algorithms;

    public IReadOnlyList<string> RevocationEndpointAuthMethodsSupported => TokenEndpointAuthMethodsSupported;

    public IReadOnlyList<string> RevocationEndpointAuthSigningAlgValuesSupported => TokenEndpointAuthSigningAlgValuesSupported;

    /// <summary>As at the token endpoint, but for <c>none</c>: public clients may not introspect.</summary>
    public IReadOnlyList<string> IntrospectionEndpointAuthMethodsSupported { get; } =
        ["client_secret_basic", "client_secret_post", "private_key_jwt"];

    public IReadOnlyList<string> IntrospectionEndpointAuthSigningAlgValuesSupported => TokenEndpointAuthSigningAlgValuesSupported;

    public IReadOnlyList<string> CodeChallengeMethodsSupported { get; } = [Pkce.S256];

    public IReadOnlyList<string> DpopSigningAlgValuesSupported { get; } = [DpopProof.Algorithm];

    public IReadOnlyList<string> ClaimsSupported { get; } =
        ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid", "nonce", "email", "email_verified", "name"];

    public IReadOnlyList<string> AcrValuesSupported => Acr.Supported;

    public IReadOnlyList<string> UiLocalesSupported => RequestLanguage.Offered;

    public IReadOnlyList<string> PromptValuesSupported { get; } = ["none", "login", "consent", "select_account"];

    public bool AuthorizationResponseIssParameterSupported { get; } = true;

    public bool ClaimsParameterSupported { get; } = true;

    public bool RequestParameterSupported { get; } = true;

    public IReadOnlyList<string> RequestObjectSigningAlgValuesSupported => ClientJwtVerifier.Algorithms;

    public bool RequestUriParameterSupported { get; }

    public bool BackchannelLogoutSupported { get; } = true;

    /// <summary>Every logout token has a <c>sid</c>.</summary>
    public bool BackchannelLogoutSessionSupported { get; } = true;

    /// <summary>The document of a site.</summary>
    public static DiscoveryDocument Of(Site site, IEnumerable<IGrant> grants, ResourcesOptions resources) => new()
    {
        Issuer = site.Issuer,
        AuthorizationEndpoint = site.Issuer + "/authorize",
        TokenEndpoint = site.Issuer + "/token",
        UserinfoEndpoint = site.Issuer + "/userinfo",
        JwksUri = site.Issuer + "/.well-known/jwks.json",
        RevocationEndpoint = site.Issuer + "/revoke",
        IntrospectionEndpoint = site.Issuer + "/introspect",
        PushedAuthorizationRequestEndpoint = site.Issuer + "/par",
        DeviceAuthorizationEndpoint = site.Issuer + "/device_authorization",
        EndSessionEndpoint = site.Issuer + "/end_session",
        ScopesSupported =
        [
            Scope.OpenId, Scope.Profile, Scope.Email, Scope.OfflineAccess,
            .. resources.Values.SelectMany(r => r.Scopes).Distinct(StringComparer.Ordinal),
        ],
        GrantTypesSupported = [.. grants.Select(g => g.GrantType).Order(StringComparer.Ordinal)],
    };
}

/// <summary>Serialises the document of each site once.</summary>
public sealed class DiscoveryDocuments(SiteDirectory sites, IEnumerable<IGrant> grants, IOptions<ResourcesOptions> resources)
{
    private readonly Dictionary<string, CacheableJson> documents = sites.All.ToDictionary(
        s => s.Name,
        s => CacheableJson.Metadata(
            JsonSerializer.SerializeToUtf8Bytes(DiscoveryDocument.Of(s, grants, resources.Value), DiscoveryJson.Default.DiscoveryDocument)),
        StringComparer.Ordinal);

    /// <summary>The document in JSON.</summary>
    public CacheableJson Of(Site site) => documents[site.Name];
}
