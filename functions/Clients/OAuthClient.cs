using System.Buffers.Text;
using AuthFunctions.Protocol;
using Microsoft.IdentityModel.Tokens;

namespace AuthFunctions.Clients;

/// <summary>A registered client, as validated from <see cref="ClientOptions"/>.</summary>
public sealed class OAuthClient
{
    /// <summary>Scopes that speak of a user mean nothing where there is none.</summary>
    private static readonly string[] OfUsers = [Scope.OpenId, Scope.Profile, Scope.Email, Scope.OfflineAccess];

    internal OAuthClient(ClientOptions options)
    {
        ClientId = options.ClientId;
        Sites = options.Sites;
        SecretHashes = [.. options.SecretHashes.Select(h => Base64Url.DecodeFromChars(h))];
        Keys = options.Jwks is { Length: > 0 } jwks ? [.. new JsonWebKeySet(jwks).GetSigningKeys()] : [];
        JwksUri = options.JwksUri;
        GrantTypes = options.GrantTypes;
        Scopes = Scope.Of(options.Scopes);
        OwnScopes = Scope.Of(options.Scopes.Except(OfUsers, StringComparer.Ordinal));
        Resources = options.Resources;
        ResourceServer = options.ResourceServer;
        ExchangeAudiences = options.ExchangeAudiences;
        ExchangesWithoutActor = options.ExchangesWithoutActor;
        HandsOffTo = options.HandsOffTo;
        RedirectUris = [.. options.RedirectUris.Select(u => new Uri(u))];
        PostLogoutRedirectUris = options.PostLogoutRedirectUris;
        BackchannelLogoutUri = options.BackchannelLogoutUri;
        FirstParty = options.FirstParty;
        RequirePushedAuthorizationRequests = options.RequirePushedAuthorizationRequests;
        RequireSignedRequestObject = options.RequireSignedRequestObject;
        SignsUserInfo = options.UserinfoSignedResponseAlg is not null;
        Sector = options.SubjectType == SubjectType.Pairwise ? options.SectorIdentifier ?? RedirectUris[0].Host : null;
        DpopBoundAccessTokens = options.DpopBoundAccessTokens;
        BrowserOrigins = [.. options.RedirectUris.Select(u => new Uri(u).GetLeftPart(UriPartial.Authority))];
        IdleLifetime = options.IdleLifetime;
        AbsoluteLifetime = options.AbsoluteLifetime;
    }

    /// <summary>The client identifier.</summary>
    public string ClientId { get; }

    /// <summary>The sites where it exists.</summary>
    public IReadOnlyList<string> Sites { get; }

    /// <summary>SHA-256 of each accepted secret.</summary>
    public IReadOnlyList<byte[]> SecretHashes { get; }

    /// <summary>Public keys from the settings; <see cref="ClientKeys"/> knows those from elsewhere too.</summary>
    public IReadOnlyList<SecurityKey> Keys { get; }

    /// <summary>Where its public keys are, or null.</summary>
    public Uri? JwksUri { get; }

    /// <summary>True if there are keys to check its signatures with, here or there.</summary>
    public bool HasKeys => Keys.Count > 0 || JwksUri is not null;

    /// <summary>Grant types it may use.</summary>
    public IReadOnlyList<string> GrantTypes { get; }

    /// <summary>Scopes it may ask for.</summary>
    public Scope Scopes { get; }

    /// <summary>Those of them that it may have for itself, without a user.</summary>
    public Scope OwnScopes { get; }

    /// <summary>Audiences it may ask tokens for.</summary>
    public IReadOnlyList<string> Resources { get; }

    /// <summary>The audience it is the API of, or null.</summary>
    public string? ResourceServer { get; }

    /// <summary>Audiences it may exchange tokens to.</summary>
    public IReadOnlyList<string> ExchangeAudiences { get; }

    /// <summary>Whether it may exchange tokens without naming who acts.</summary>
    public bool ExchangesWithoutActor { get; }

    /// <summary>Clients that it may hand a user's session to.</summary>
    public IReadOnlyList<string> HandsOffTo { get; }

    /// <summary>Where browsers may go after the client signed them out.</summary>
    public IReadOnlyList<string> PostLogoutRedirectUris { get; }

    /// <summary>Where it is told that a session of its ended, or null.</summary>
    public Uri? BackchannelLogoutUri { get; }

    /// <summary>Whether it is the team's own.</summary>
    public bool FirstParty { get; }

    /// <summary>Whether its authorization requests must be pushed.</summary>
    public bool RequirePushedAuthorizationRequests { get; }

    /// <summary>Whether its authorization requests must be signed.</summary>
    public bool RequireSignedRequestObject { get; }

    /// <summary>Whether every token request of its must come with a DPoP proof.</summary>
    public bool DpopBoundAccessTokens { get; }

    /// <summary>Whether the userinfo endpoint answers it with a signed JWT.</summary>
    public bool SignsUserInfo { get; }

    /// <summary>The sector that its pairwise subjects belong to (OpenID Connect Core §8.1); null if its subjects are public.</summary>
    public string? Sector { get; }

    /// <summary>Origins of its pages.</summary>
    public IReadOnlyList<string> BrowserOrigins { get; }

    /// <summary>Idle lifetime of its sessions, or null for the site's.</summary>
    public TimeSpan? IdleLifetime { get; }

    /// <summary>Absolute lifetime of its sessions, or null for the site's.</summary>
    public TimeSpan? AbsoluteLifetime { get; }

    private IReadOnlyList<Uri> RedirectUris { get; }

    /// <summary>
    /// The redirect URI if it is one of the client's, else null. Exact (RFC 9700 §2.1), but for the port of a native app on loopback (RFC
    /// 8252 §7.3).
    /// </summary>
    public string? RedirectUri(string? asked)
    {
        if (asked is null || RedirectUris.Any(u => u.OriginalString == asked))
        {
            return asked;
        }

        return Uri.TryCreate(asked, UriKind.Absolute, out var uri)
            && RedirectUris.Any(u => u is { Scheme: "http", Host: "127.0.0.1" or "[::1]" } && uri.OriginalString == WithPort(u, uri.Port))
            ? asked
            : null;
    }

    private static string WithPort(Uri registered, int port) =>
        $"{registered.Scheme}://{registered.Host}:{port.ToString(System.Globalization.CultureInfo.InvariantCulture)}{registered.PathAndQuery}";

    /// <summary>True if it can authenticate (RFC 6749 §2.1).</summary>
    public bool IsConfidential => SecretHashes.Count > 0 || HasKeys;
}
