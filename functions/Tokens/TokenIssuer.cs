using System.Text.Json;
using AuthFunctions.Clients;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.SigningKeys;
using AuthFunctions.Sites;
using AuthFunctions.Users;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthFunctions.Tokens;

/// <summary>The tokens of one response.</summary>
/// <param name="AccessToken">The access token.</param>
/// <param name="IdToken">The ID token; null where the scope has no <c>openid</c>.</param>
/// <param name="ExpiresInSeconds">Life of the access token: <c>expires_in</c>.</param>
public sealed record SessionTokens(string AccessToken, string? IdToken, int ExpiresInSeconds);

/// <summary>What a token request, or the authorization before it, says about the tokens besides scope and audience.</summary>
public sealed record TokenDetails
{
    /// <summary>The authorization request's, for the ID token.</summary>
    public string? Nonce { get; init; }

    /// <summary>Thumbprint of the key that the access token is bound to (RFC 9449 §6.1), or null.</summary>
    public string? DpopKey { get; init; }
}

/// <summary>
/// Makes access tokens (RFC 9068) and ID tokens (OpenID Connect Core §2). Each costs one signature; those of one response are made in
/// parallel.
/// </summary>
public sealed class TokenIssuer(
    KeyRing keys, Pseudonyms pseudonyms, IOptions<TokensOptions> options, IOptions<ResourcesOptions> resources, TimeProvider clock)
{
    /// <summary>Back-Channel Logout §4 asks for two minutes at most.</summary>
    private static readonly TimeSpan LogoutTokenLifetime = TimeSpan.FromMinutes(2);

    /// <summary>Lives of the access tokens for APIs that have one of their own, by audience.</summary>
    private readonly Dictionary<string, TimeSpan> lifetimes = resources.Value.Values.Where(r => r.AccessTokenLifetime is not null)
        .DistinctBy(r => r.Audience, StringComparer.Ordinal).ToDictionary(r => r.Audience, r => r.AccessTokenLifetime!.Value, StringComparer.Ordinal);

    /// <summary>Life of an access token for this audience.</summary>
    public TimeSpan LifetimeFor(string audience) => lifetimes.GetValueOrDefault(audience, options.Value.AccessTokenLifetime);

    /// <summary>The tokens of a session.</summary>
    /// <param name="site">The site, whose issuer signs.</param>
    /// <param name="user">The user.</param>
    /// <param name="session">The session.</param>
    /// <param name="scope">What the access token allows: the session's scope or less.</param>
    /// <param name="audience">The one audience of the access token.</param>
    /// <param name="ct">Ends the wait for a vault.</param>
    /// <param name="details">What else the request says about them.</param>
    public async Task<SessionTokens> IssueAsync(
        Site site, UserRow user, SessionRow session, Scope scope, string audience, CancellationToken ct, TokenDetails? details = null)
    {
        var names = await NamesAsync(site, session, session.ClientId, ct);
        var access = AccessTokenAsync(site, user, session, names, scope, audience, details?.DpopKey, ct);
        var id = scope.Contains(Scope.OpenId) ? IdTokenAsync(site, user, session, names, scope, details?.Nonce, ct) : Task.FromResult<string?>(null);
        return new SessionTokens(await access, await id, (int)LifetimeFor(audience).TotalSeconds);
    }

    /// <summary>The access token of a first-party session alone, where there is no body to carry an ID token.</summary>
    public async Task<string> AccessTokenAsync(Site site, UserRow user, SessionRow session, CancellationToken ct) =>
        await AccessTokenAsync(
            site, user, session, await NamesAsync(site, session, session.ClientId, ct), session.Scope, site.DefaultAudience, null, ct);

    /// <summary>The access token of a client that acts for itself (RFC 6749 §4.4); its subject is the client (RFC 9068 §2.2).</summary>
    public Task<string> ClientTokenAsync(Site site, OAuthClient client, Scope scope, string audience, string? dpopKey, CancellationToken ct) =>
        keys.SignAsync(JwtTypes.AccessToken, json => WriteCommon(json, site, client.ClientId, client.ClientId, scope, audience, dpopKey), ct);

    /// <summary>An access token in exchange for another (RFC 8693): of the same subject and session, for another audience.</summary>
    /// <param name="site">The site, whose issuer signs.</param>
    /// <param name="exchange">What is exchanged, and by whom.</param>
    /// <param name="scope">What it allows: the exchanged token's scope or less.</param>
    /// <param name="audience">The one audience: an API's, never the issuer.</param>
    /// <param name="act">Who acts, or null.</param>
    /// <param name="expiresAt">When it expires.</param>
    /// <param name="ct">Ends the wait for a vault.</param>
    public async Task<string> ExchangedTokenAsync(
        Site site, Exchange exchange, Scope scope, string audience, ActClaim? act, DateTimeOffset expiresAt, CancellationToken ct)
    {
        var client = exchange.Request.Client.ClientId;

        // The client that exchanges may know user and session by other names than the one whose session it is.
        var names = exchange.Session is { } found ? await NamesAsync(site, found.Session, client, ct) : null;
        return await keys.SignAsync(
            JwtTypes.AccessToken,
            json =>
            {
                WriteCommon(json, site, names?.Subject ?? exchange.Subject.Subject, client, scope, audience, exchange.Request.DpopKey, expiresAt);
                act?.Write(json);
                if (names is not null)
                {
                    WriteAuthentication(json, exchange.Session!.Session, names);
                }
            },
            ct);
    }

    /// <summary>
    /// What tells a client that a session of its ended (OpenID Connect Back-Channel Logout §2.4): with the <c>sub</c> and <c>sid</c> of its ID
    /// tokens, and never with a nonce, so that it passes for none.
    /// </summary>
    public async Task<string> LogoutTokenAsync(Site site, OAuthClient client, string userId, SessionId session, CancellationToken ct)
    {
        var names = await NamesAsync(site, userId, session, client.ClientId, ct);
        return await keys.SignAsync(
            JwtTypes.LogoutToken,
            json =>
            {
                WriteStandard(json, site, names.Subject, client.ClientId, clock.GetUtcNow() + LogoutTokenLifetime);
                json.WriteString(JwtRegisteredClaimNames.Jti, Id.New());
                json.WriteString(JwtRegisteredClaimNames.Sid, names.Sid);
                json.WriteStartObject(TokenClaims.Events);
                json.WriteStartObject(TokenClaims.BackchannelLogout);
                json.WriteEndObject();
                json.WriteEndObject();
            },
            ct);
    }

    private Task<string> AccessTokenAsync(
        Site site, UserRow user, SessionRow session, Names names, Scope scope, string audience, string? dpopKey, CancellationToken ct) =>
        keys.SignAsync(
            JwtTypes.AccessToken,
            json =>
            {
                WriteCommon(json, site, names.Subject, session.ClientId, scope, audience, dpopKey);
                WriteAuthentication(json, session, names);
                if (audience == site.Issuer)
                {
                    json.WriteNumber(TokenClaims.SessionCreatedAt, session.CreatedAt.ToUnixTimeSeconds());
                    json.WriteNumber(TokenClaims.SessionExpiresAt, session.AbsoluteExpiresAt.ToUnixTimeSeconds());
                    WriteProfile(json, user, scope, []);
                }
            },
            ct);

    private async Task<string?> IdTokenAsync(
        Site site, UserRow user, SessionRow session, Names names, Scope scope, string? nonce, CancellationToken ct) =>
        await keys.SignAsync(
            JwtTypes.IdToken,
            json =>
            {
                WriteStandard(json, site, names.Subject, session.ClientId);
                if (nonce is not null)
                {
                    json.WriteString(JwtRegisteredClaimNames.Nonce, nonce);
                }

                WriteAuthentication(json, session, names);
                WriteProfile(json, user, scope, session.Claims.IdToken);
                if (scope.Contains(Scope.Email) || session.Claims.IdToken.Contains(JwtRegisteredClaimNames.EmailVerified, StringComparer.Ordinal))
                {
                    json.WriteBoolean(JwtRegisteredClaimNames.EmailVerified, user.EmailVerified);
                }
            },
            ct);

    private ValueTask<Names> NamesAsync(Site site, SessionRow session, string clientId, CancellationToken ct) =>
        NamesAsync(site, session.UserId, session.Id, clientId, ct);

    private async ValueTask<Names> NamesAsync(Site site, string userId, SessionId session, string clientId, CancellationToken ct) => new(
        await pseudonyms.SubjectAsync(site, clientId, userId, ct), await pseudonyms.SidAsync(site, clientId, userId, session, ct));

    private void WriteCommon(
        Utf8JsonWriter json, Site site, string subject, string clientId, Scope scope, string audience, string? dpopKey,
        DateTimeOffset? expiresAt = null)
    {
        WriteStandard(json, site, subject, audience, expiresAt ?? clock.GetUtcNow() + LifetimeFor(audience));
        json.WriteString(JwtRegisteredClaimNames.Jti, Id.New());
        json.WriteString(TokenClaims.ClientId, clientId);
        json.WriteString(TokenClaims.Scope, scope.ToString());
        if (dpopKey is not null)
        {
            json.WriteStartObject(TokenClaims.Confirmation);
            json.WriteString(TokenClaims.KeyThumbprint, dpopKey);
            json.WriteEndObject();
        }
    }

    private void WriteStandard(Utf8JsonWriter json, Site site, string subject, string audience, DateTimeOffset? expiresAt = null)
    {
        var now = clock.GetUtcNow();
        json.WriteString(JwtRegisteredClaimNames.Iss, site.Issuer);
        json.WriteString(JwtRegisteredClaimNames.Sub, subject);
        json.WriteString(JwtRegisteredClaimNames.Aud, audience);
        json.WriteNumber(JwtRegisteredClaimNames.Iat, now.ToUnixTimeSeconds());
        json.WriteNumber(JwtRegisteredClaimNames.Exp, (expiresAt ?? now + options.Value.AccessTokenLifetime).ToUnixTimeSeconds());
    }

    private static void WriteAuthentication(Utf8JsonWriter json, SessionRow session, Names names)
    {
        json.WriteString(JwtRegisteredClaimNames.Sid, names.Sid);
        json.WriteNumber(JwtRegisteredClaimNames.AuthTime, session.AuthTime.ToUnixTimeSeconds());
        if (Acr.Of(session.Amr) is { } acr)
        {
            json.WriteString(JwtRegisteredClaimNames.Acr, acr);
        }

        json.WriteStartArray(JwtRegisteredClaimNames.Amr);
        foreach (var method in session.Amr)
        {
            json.WriteStringValue(method);
        }

        json.WriteEndArray();
    }

    private static void WriteProfile(Utf8JsonWriter json, UserRow user, Scope scope, IReadOnlyList<string> byName)
    {
        if (scope.Contains(Scope.Email) || byName.Contains(JwtRegisteredClaimNames.Email, StringComparer.Ordinal))
        {
            json.WriteString(JwtRegisteredClaimNames.Email, user.Email);
        }

        if (scope.Contains(Scope.Profile) || byName.Contains(JwtRegisteredClaimNames.Name, StringComparer.Ordinal))
        {
            json.WriteString(JwtRegisteredClaimNames.Name, user.DisplayName);
        }
    }

    /// <summary>What the client knows user and session by.</summary>
    private sealed record Names(string Subject, string Sid);
}
