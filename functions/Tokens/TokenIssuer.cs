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
public sealed record SessionTokens(string AccessToken, string? IdToken);

/// <summary>
/// Makes access tokens (RFC 9068) and ID tokens (OpenID Connect Core §2). Each costs one signature; those of one response are made in
/// parallel.
/// </summary>
public sealed class TokenIssuer(KeyRing keys, IOptions<TokensOptions> options, TimeProvider clock)
{
    /// <summary>Life of an access token in seconds: <c>expires_in</c>.</summary>
    public int ExpiresInSeconds => (int)options.Value.AccessTokenLifetime.TotalSeconds;

    /// <summary>The tokens of a session.</summary>
    /// <param name="site">The site, whose issuer signs.</param>
    /// <param name="user">The user.</param>
    /// <param name="session">The session.</param>
    /// <param name="scope">What the access token allows: the session's scope or less.</param>
    /// <param name="audience">The one audience of the access token.</param>
    /// <param name="ct">Ends the wait for a vault.</param>
    /// <param name="nonce">The authorization request's, for the ID token.</param>
    public async Task<SessionTokens> IssueAsync(
        Site site, UserRow user, SessionRow session, Scope scope, string audience, CancellationToken ct, string? nonce = null)
    {
        var access = AccessTokenAsync(site, user, session, scope, audience, ct);
        var id = scope.Contains(Scope.OpenId) ? IdTokenAsync(site, user, session, scope, nonce, ct) : Task.FromResult<string?>(null);
        return new SessionTokens(await access, await id);
    }

    /// <summary>The access token of a first-party session alone, where there is no body to carry an ID token.</summary>
    public Task<string> AccessTokenAsync(Site site, UserRow user, SessionRow session, CancellationToken ct) =>
        AccessTokenAsync(site, user, session, session.Scope, site.DefaultAudience, ct);

    /// <summary>The access token of a client that acts for itself (RFC 6749 §4.4); its subject is the client (RFC 9068 §2.2).</summary>
    public Task<string> ClientTokenAsync(Site site, OAuthClient client, Scope scope, string audience, CancellationToken ct) =>
        keys.SignAsync(JwtTypes.AccessToken, json => WriteCommon(json, site, client.ClientId, client.ClientId, scope, audience), ct);

    /// <summary>An access token in exchange for another (RFC 8693): of the same subject and session, for another audience.</summary>
    /// <param name="site">The site, whose issuer signs.</param>
    /// <param name="exchange">What is exchanged, and by whom.</param>
    /// <param name="scope">What it allows: the exchanged token's scope or less.</param>
    /// <param name="audience">The one audience: an API's, never the issuer.</param>
    /// <param name="act">Who acts, or null.</param>
    /// <param name="expiresAt">When it expires.</param>
    /// <param name="ct">Ends the wait for a vault.</param>
    public Task<string> ExchangedTokenAsync(
        Site site, Exchange exchange, Scope scope, string audience, ActClaim? act, DateTimeOffset expiresAt, CancellationToken ct) =>
        keys.SignAsync(
            JwtTypes.AccessToken,
            json =>
            {
                WriteCommon(json, site, exchange.Subject.Subject, exchange.Request.Client.ClientId, scope, audience, expiresAt);
                act?.Write(json);
                if (exchange.Session is { } found)
                {
                    WriteAuthentication(json, found.Session);
                }
            },
            ct);

    private Task<string> AccessTokenAsync(Site site, UserRow user, SessionRow session, Scope scope, string audience, CancellationToken ct) =>
        keys.SignAsync(
            JwtTypes.AccessToken,
            json =>
            {
                WriteCommon(json, site, user.Id, session.ClientId, scope, audience);
                WriteAuthentication(json, session);
                if (audience == site.Issuer)
                {
                    json.WriteNumber(TokenClaims.SessionCreatedAt, session.CreatedAt.ToUnixTimeSeconds());
                    json.WriteNumber(TokenClaims.SessionExpiresAt, session.AbsoluteExpiresAt.ToUnixTimeSeconds());
                    WriteProfile(json, user, scope);
                }
            },
            ct);

    private async Task<string?> IdTokenAsync(Site site, UserRow user, SessionRow session, Scope scope, string? nonce, CancellationToken ct) =>
        await keys.SignAsync(
            JwtTypes.IdToken,
            json =>
            {
                WriteStandard(json, site, user.Id, session.ClientId);
                if (nonce is not null)
                {
                    json.WriteString(JwtRegisteredClaimNames.Nonce, nonce);
                }

                WriteAuthentication(json, session);
                WriteProfile(json, user, scope);
                if (scope.Contains(Scope.Email))
                {
                    json.WriteBoolean(JwtRegisteredClaimNames.EmailVerified, user.EmailVerified);
                }
            },
            ct);

    private void WriteCommon(
        Utf8JsonWriter json, Site site, string subject, string clientId, Scope scope, string audience, DateTimeOffset? expiresAt = null)
    {
        WriteStandard(json, site, subject, audience, expiresAt);
        json.WriteString(JwtRegisteredClaimNames.Jti, Id.New());
        json.WriteString(TokenClaims.ClientId, clientId);
        json.WriteString(TokenClaims.Scope, scope.ToString());
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

    private static void WriteAuthentication(Utf8JsonWriter json, SessionRow session)
    {
        json.WriteString(JwtRegisteredClaimNames.Sid, session.Id.ToString());
        json.WriteNumber(JwtRegisteredClaimNames.AuthTime, session.AuthTime.ToUnixTimeSeconds());
        json.WriteStartArray(JwtRegisteredClaimNames.Amr);
        foreach (var method in session.Amr)
        {
            json.WriteStringValue(method);
        }

        json.WriteEndArray();
    }

    private static void WriteProfile(Utf8JsonWriter json, UserRow user, Scope scope)
    {
        if (scope.Contains(Scope.Email))
        {
            json.WriteString(JwtRegisteredClaimNames.Email, user.Email);
        }

        if (scope.Contains(Scope.Profile))
        {
            json.WriteString(JwtRegisteredClaimNames.Name, user.DisplayName);
        }
    }
}
