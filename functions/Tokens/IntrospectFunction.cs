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

    public ActClaim? Act { get; init; }
}

/// <summary>
/// <c>POST /introspect</c>: token introspection (RFC 7662), for confidential clients. The rows decide, for access tokens too, so an
/// ended session's tokens are inactive at once.
/// </summary>
public sealed class IntrospectFunction(OAuthEndpoint endpoint, AccessTokenReader tokens, SessionReader sessions, TimeProvider clock)
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
        if (RefreshHandle.Read(token) is { } refresh)
        {
            return await LivingAsync(refresh.UserId, refresh.SessionId, asked, ct) is { } session
                && session.ClientId == asked.Client.ClientId && refresh.IsGenuine(session) && refresh.Secret.Matches(session.RefreshHash)
                ? Describe(session, asked) with { Scope = session.Scope.ToString(), ClientId = session.ClientId }
                : IntrospectionResponse.Inactive;
        }

        if (SessionHandle.Read(SessionHandle.Check, token) is { } check)
        {
            return await LivingAsync(check.UserId, check.SessionId, asked, ct) is { } session && check.Secret.Matches(session.CheckHash)
                ? Describe(session, asked)
                : IntrospectionResponse.Inactive;
        }

        return await tokens.ReadAsync(token, asked.Site, ct) is AccessTokenReading.Valid(var access) && MayKnow(access, asked)
            && (access.SessionId is not { } id || await LivingAsync(access.Subject, id, asked, ct) is not null)
            ? new IntrospectionResponse(true)
            {
                Scope = access.Scope.ToString(),
                ClientId = access.ClientId,
                TokenType = "Bearer",
                Exp = access.ExpiresAt.ToUnixTimeSeconds(),
                Iat = access.IssuedAt.ToUnixTimeSeconds(),
                Sub = access.Subject,
                Aud = access.Audience,
                Iss = asked.Site.Issuer,
                Jti = access.TokenId,
                Sid = access.SessionId?.ToString(),
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

    private static IntrospectionResponse Describe(SessionRow session, GrantRequest asked) => new(true)
    {
        Sub = session.UserId,
        Sid = session.Id.ToString(),
        Iss = asked.Site.Issuer,
        Exp = session.ExpiresAt.ToUnixTimeSeconds(),
        Iat = session.CreatedAt.ToUnixTimeSeconds(),
    };
}
