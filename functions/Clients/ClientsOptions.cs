namespace AuthFunctions.Clients;

/// <summary>Settings <c>Clients</c>: a list of OAuth clients, <c>Clients:0:ClientId</c> and so on.</summary>
public sealed class ClientsOptions : List<ClientOptions>
{
    /// <summary>The settings section.</summary>
    public const string Section = "Clients";
}

/// <summary>One OAuth client (RFC 6749 §2).</summary>
public sealed class ClientOptions
{
    /// <summary>The client identifier (RFC 6749 §2.2). Required; printable ASCII, at most 64 characters.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Names of the sites where the client exists. At least one.</summary>
    public List<string> Sites { get; set; } = [];

    /// <summary>base64url SHA-256 of each secret that is accepted; two while one replaces the other. None: no secret.</summary>
    public List<string> SecretHashes { get; set; } = [];

    /// <summary>The client's public keys as a JSON Web Key Set, for <c>private_key_jwt</c> and request objects. None by default.</summary>
    public string? Jwks { get; set; }

    /// <summary>Where the client's public keys are, in place of <see cref="Jwks"/>: https, on the public Internet. None by default.</summary>
    public Uri? JwksUri { get; set; }

    /// <summary>
    /// Grant types it may use, by their registered names (docs/grants.md): <c>authorization_code</c>, <c>refresh_token</c> and so on. None by
    /// default.
    /// </summary>
    public List<string> GrantTypes { get; set; } = [];

    /// <summary>Scopes it may ask for. None by default.</summary>
    public List<string> Scopes { get; set; } = [];

    /// <summary>Audiences it may ask tokens for (RFC 8707), each declared under <c>Resources</c>. None by default.</summary>
    public List<string> Resources { get; set; } = [];

    /// <summary>The audience that this client is the API of, and whose tokens it may introspect. None by default.</summary>
    public string? ResourceServer { get; set; }

    /// <summary>
    /// Audiences it may exchange tokens to (RFC 8693), each declared under <c>Resources</c>; the subject token's own too, if it may be. None by
    /// default.
    /// </summary>
    public List<string> ExchangeAudiences { get; set; } = [];

    /// <summary>Whether it may exchange tokens without <c>actor_token</c>: impersonation (RFC 8693 §1.1). Off by default.</summary>
    public bool ExchangesWithoutActor { get; set; }

    /// <summary>Clients that it may hand a user's session to, at a site that its own hands off to (docs/handoff.md §9). None by default.</summary>
    public List<string> HandsOffTo { get; set; } = [];

    /// <summary>
    /// Where answers go, exact; on loopback the port may vary (RFC 8252 §7.3). Their origins may call <c>/token</c>, <c>/revoke</c> and
    /// <c>/userinfo</c> from browsers.
    /// </summary>
    public List<string> RedirectUris { get; set; } = [];

    /// <summary>Where browsers may go after the client signed them out, exact. None by default.</summary>
    public List<string> PostLogoutRedirectUris { get; set; } = [];

    /// <summary>
    /// Where the client is told that a session of its ended (OpenID Connect Back-Channel Logout §2.2): https, on the public Internet; in Development
    /// http on loopback too. Every logout token names its session, so <c>backchannel_logout_session_required</c> is kept for all. None by default.
    /// </summary>
    public Uri? BackchannelLogoutUri { get; set; }

    /// <summary>Whether it is the team's own, so that nobody is asked for consent. Off by default.</summary>
    public bool FirstParty { get; set; }

    /// <summary>Whether its authorization requests must be pushed (RFC 9126 §6). Off by default.</summary>
    public bool RequirePushedAuthorizationRequests { get; set; }

    /// <summary>Whether its authorization requests must be signed request objects (RFC 9101 §10.5). Off by default.</summary>
    public bool RequireSignedRequestObject { get; set; }

    /// <summary>Whether every token request of its must come with a DPoP proof (RFC 9449 §5.2). Off by default.</summary>
    public bool DpopBoundAccessTokens { get; set; }

    /// <summary>
    /// <c>ES256</c> if the userinfo endpoint is to answer the client with a signed JWT (OpenID Connect Core §5.3.2). None by default: JSON.
    /// </summary>
    public string? UserinfoSignedResponseAlg { get; set; }

    /// <summary>
    /// What the client knows users by (OpenID Connect Core §8): <c>Public</c>, the same for all clients (default), or <c>Pairwise</c>.
    /// </summary>
    public SubjectType SubjectType { get; set; }

    /// <summary>
    /// The host that pairwise clients of one owner share their users' subjects under (OpenID Connect Core §8.1); by default the one host of
    /// the redirect URIs. It must never change: every user would become another.
    /// </summary>
    public string? SectorIdentifier { get; set; }

    /// <summary>How long an unused session of this client lives, 1 hour to 365 days; the site's by default.</summary>
    public TimeSpan? IdleLifetime { get; set; }

    /// <summary>How long a session of this client lives at most, 1 hour to 365 days; the site's by default.</summary>
    public TimeSpan? AbsoluteLifetime { get; set; }
}

/// <summary>What clients know users by (OpenID Connect Core §8).</summary>
public enum SubjectType
{
    /// <summary>One identifier for all clients.</summary>
    Public,

    /// <summary>Another for each sector, so that clients cannot find out that they have the same user.</summary>
    Pairwise,
}
