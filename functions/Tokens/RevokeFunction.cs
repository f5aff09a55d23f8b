using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Tokens;

/// <summary><c>POST /revoke</c>: token revocation (RFC 7009). Revoking any token of a session ends that session.</summary>
public sealed class RevokeFunction(
    OAuthEndpoint endpoint, AccessTokenReader tokens, Pseudonyms pseudonyms, SessionStore sessions, SessionEnder ender)
{
    [Function("Revoke")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "revoke")] HttpRequest request, CancellationToken ct) =>
        endpoint.RespondAsync(
            request,
            async asked => await RevokeAsync(asked, ct) is { } error ? new OAuthErrorResult(error) : new EmptyOk(),
            ct);

    private async Task<OAuthError?> RevokeAsync(GrantRequest asked, CancellationToken ct)
    {
        if (asked.Form["token"] is not { } token)
        {
            return OAuthError.InvalidRequest("token is missing");
        }

        // RFC 7009 §2.1: the hint is only a hint; the token says itself what it is.
        if (RefreshHandle.Read(await pseudonyms.ReadAsync(asked.Client, token, ct)) is { } handle)
        {
            var session = await sessions.FindAsync(handle.UserId, handle.SessionId, ct);
            return session is not null && session.Site == asked.Site.Name && handle.IsGenuine(session) ? await EndAsync(session, asked, ct) : null;
        }

        switch (await tokens.ReadAsync(token, asked.Site, ct))
        {
            case AccessTokenReading.Valid({ SessionId: { } sessionId } claims):
                var found = await sessions.FindAsync(claims.UserId!, sessionId, ct);

                // By exchange it came from another client's session, which is not this one's to end.
                return found is null ? null
                    : claims.ClientId == asked.Client.ClientId && claims.ClientId != found.ClientId
                        ? OAuthError.UnsupportedTokenType("a token that was got by exchange ends with the session it came from")
                    : await EndAsync(found, asked, ct);

            case AccessTokenReading.Valid:
                return OAuthError.UnsupportedTokenType("a client's own access token has no session to end");

            default:
                // RFC 7009 §2.2: an invalid token is no error; its purpose is achieved.
                return null;
        }
    }

    private async Task<OAuthError?> EndAsync(SessionRow session, GrantRequest asked, CancellationToken ct)
    {
        // RFC 7009 §2.1: a token of another client is refused.
        if (session.ClientId != asked.Client.ClientId)
        {
            return OAuthError.InvalidGrant("issued to another client");
        }

        await ender.EndAsync(session, EndReasons.Revoked, ct);
        return null;
    }

    /// <summary>200 without a body, said explicitly: RFC 7009 §2.2.</summary>
    private sealed class EmptyOk : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentLength = 0;
            return Task.CompletedTask;
        }
    }
}
