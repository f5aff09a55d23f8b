using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Tokens;

/// <summary>An introspection response (RFC 7662 §2.2). An inactive token has no other member.</summary>
public sealed record IntrospectionResponse(bool Active)
{
    /// <summary>For all causes: the caller may not learn which.</summary>
    public static readonly IntrospectionResponse Inactive = new(false);

    public string? Scope { get; init; }

    public string? ClientId { get; init; }

    public string? TokenType { get; init; }

    public long? Exp { get; init; }

    public long? Iat { get; init; }

    public string? Sub { get; init; }

    public string? Aud { get; init; }

    public string? Iss { get; init; }

    public string? Jti { get; init; }

    public string? Sid { get; init; }

    /// <summary>RFC 9470 §6.2, by which an API can ask for a newer or better sign-in.</summary>
    public long? AuthTime { get; init; }

    public string? Acr { get; init; }

    public ConfirmationBody? Cnf { get; init; }

    public ActClaim? Act { get; init; }
}

/// <summary>The key that a token is bound to (RFC 9449 §6.2).</summary>
public sealed record ConfirmationBody(string Jkt);

/// <summary>
/// <c>POST /introspect</c>: token introspection (RFC 7662), for confidential clients. The rows decide, for access tokens too, so an
/// ended session's tokens are inactive at once.
/// </summary>
public sealed class IntrospectFunction(
    OAuthEndpoint endpoint, AccessTokenReader tokens, Pseudonyms pseudonyms, SessionReader sessions, TimeProvider clock)
{
    [Function("Introspect")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "introspect")] HttpRequest request, CancellationToken ct) =>
        endpoint.RespondAsync(
            request,
            async asked => !asked.Client.IsConfidential ? new OAuthErrorResult(OAuthError.InvalidClient("a public client may not introspect"))
                : asked.Form["token"] is not { } token ? new OAuthErrorResult(OAuthError.InvalidRequest("token is missing"))
                : TypedResults.Json(await IntrospectAsync(token, asked, ct), TokensJson.Default.IntrospectionResponse),
            ct);

    private async Task<IntrospectionResponse> IntrospectAsync(string token, GrantRequest asked, CancellationToken ct)
    {
        if (RefreshHandle.Read(await pseudonyms.ReadAsync(asked.Client, token, ct)) is { } refresh)
        {
            return await LivingAsync(refresh.UserId, refresh.SessionId, asked, ct) is { } session
                && session.ClientId == asked.Client.ClientId && refresh.IsGenuine(session) && refresh.Secret.Matches(session.RefreshHash)
                ? await DescribeAsync(session, asked, ct) with { Scope = session.Scope.ToString(), ClientId = session.ClientId }
                : IntrospectionResponse.Inactive;
        }

        if (SessionHandle.Read(SessionHandle.Check, token) is { } check)
        {
            return await LivingAsync(check.UserId, check.SessionId, asked, ct) is { } session && check.Secret.Matches(session.CheckHash)
                ? await DescribeAsync(session, asked, ct)
                : IntrospectionResponse.Inactive;
        }

        return await tokens.ReadAsync(token, asked.Site, ct) is AccessTokenReading.Valid(var access) && MayKnow(access, asked)
            && (access.SessionId is not { } id || await LivingAsync(access.UserId!, id, asked, ct) is not null)
            ? new IntrospectionResponse(true)
            {
                Scope = access.Scope.ToString(),
                ClientId = access.ClientId,
                TokenType = access.DpopKey is null ? "Bearer" : DpopProof.Scheme,
                Exp = access.ExpiresAt.ToUnixTimeSeconds(),
                Iat = access.IssuedAt.ToUnixTimeSeconds(),
                Sub = access.Subject,
                Aud = access.Audience,
                Iss = asked.Site.Issuer,
                Jti = access.TokenId,
                Sid = access.Sid,
                AuthTime = access.AuthTime?.ToUnixTimeSeconds(),
                Acr = access.Acr,
                Cnf = access.DpopKey is { } key ? new(key) : null,
                Act = access.Act,
            }
            : IntrospectionResponse.Inactive;
    }

    /// <summary>RFC 7662 §4: a token is nobody's business but its client's and its API's.</summary>
    private static bool MayKnow(AccessToken access, GrantRequest asked) =>
        access.ClientId == asked.Client.ClientId || (asked.Client.ResourceServer is { } resource && access.Audience == resource);

    private async Task<SessionRow?> LivingAsync(string userId, SessionId id, GrantRequest asked, CancellationToken ct) =>
        await sessions.FindAsync(userId, id, ct) is { } found && found.WhyDead(clock.GetUtcNow()) is null && found.Session.Site == asked.Site.Name
            ? found.Session
            : null;

    private async Task<IntrospectionResponse> DescribeAsync(SessionRow session, GrantRequest asked, CancellationToken ct) => new(true)
    {
        Sub = await pseudonyms.SubjectAsync(asked.Site, session.ClientId, session.UserId, ct),
        Sid = await pseudonyms.SidAsync(asked.Site, session.ClientId, session.UserId, session.Id, ct),
        Iss = asked.Site.Issuer,
        Exp = session.ExpiresAt.ToUnixTimeSeconds(),
        Iat = session.CreatedAt.ToUnixTimeSeconds(),
    };
}
