using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Session;

/// <summary>
/// <c>GET /session</c>: who is signed in. Answered from the access token without asking storage; with <c>?fresh=1</c>, and in Stateful
/// mode always, from the rows.
/// </summary>
public sealed class SessionFunction(
    ActorReader actors, AccessTokenReader tokens, SessionReader sessions, SessionRefresher refresher, TimeProvider clock)
{
    [Function("Session")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "session")] HttpRequest request, CancellationToken ct)
    {
        var site = request.Site();
        await (SessionCookie.HasSid(request) && site.CookieMode == CookieMode.Stateful
            ? ByRowsAsync(request, site, ct)
            : ByTokenAsync(request, site, ct));
    }

    /// <summary>By the access token: a frontend's cookie, or a native app's Bearer.</summary>
    private async Task ByTokenAsync(HttpRequest request, Site site, CancellationToken ct)
    {
        var cookie = SessionCookie.ReadAccessToken(request, site);
        switch (await tokens.ReadAsync(cookie ?? AccessTokenReader.Bearer(request), site, ct))
        {
            case AccessTokenReading.Valid(var token) when MayRead(token, site, isCookie: cookie is not null):
                await (IsFresh(request) || site.CookieMode == CookieMode.Stateful || token.SessionCreatedAt is null
                    ? FreshAsync(request, token, site, ct)
                    : WriteAsync(request, Body(token, site)));
                break;

            // Refresh, then retry: worth saying only where there is something to refresh with.
            case AccessTokenReading.Expired when cookie is not null && SessionCookie.HasSid(request):
                await new Problem(401, "access_expired", "The access token has expired. Refresh it.").ExecuteAsync(request.HttpContext);
                break;

            case AccessTokenReading.Invalid(var reason):
                await RefuseAsync(request, reason);
                break;

            default:
                await RefuseAsync(request, "the access token has expired or is not for this site's own apps");
                break;
        }
    }

    private async Task FreshAsync(HttpRequest request, AccessToken token, Site site, CancellationToken ct)
    {
        var found = await sessions.FindAsync(token.UserId!, token.SessionId!.Value, ct);
        var why = found is null ? "no such session" : found.WhyDead(clock.GetUtcNow());
        await (why is null
            ? WriteAsync(request, new SessionAnswer(UserBody.Of(found!.User), SessionBody.Of(found.Session)))
            : RefuseAsync(request, why));
    }

    private async Task ByRowsAsync(HttpRequest request, Site site, CancellationToken ct)
    {
        switch (await actors.ForReadAsync(request, ct))
        {
            case Actor.Present actor:
                await refresher.TouchAsync(actor.Session, site, ct);
                await WriteAsync(request, new SessionAnswer(UserBody.Of(actor.User), SessionBody.Of(actor.Session)));
                break;

            case Actor.Absent absent:
                await absent.Refusal.ExecuteAsync(request.HttpContext);
                break;
        }
    }

    /// <summary>A cookie may be for the site's API, where the site has one: it is still this site's own session. A Bearer may not, nor a
    /// client's token in a cookie's place: it would tell the client an address that it was not granted.</summary>
    private static bool MayRead(AccessToken token, Site site, bool isCookie) =>
        token.ActsForUser(site)
        || (isCookie && token.SessionId is not null && token.ClientId == ClientIds.FirstParty && token.Audience == site.Resource);

    private static bool IsFresh(HttpRequest request) => Fields.OfQuery(request)["fresh"] == "1";

    private static SessionAnswer Body(AccessToken token, Site site) => new(
        new UserBody(token.Subject, token.Email, token.Name),
        new SessionBody(token.SessionId!.Value.ToString(), site.Name, token.SessionCreatedAt!.Value, token.SessionExpiresAt!.Value));

    private static Task RefuseAsync(HttpRequest request, string reason)
    {
        if (AccessTokenReader.Bearer(request) is not null)
        {
            request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        }

        return Problem.SessionEnded(reason).ExecuteAsync(request.HttpContext);
    }

    private static Task WriteAsync(HttpRequest request, SessionAnswer answer) =>
        TypedResults.Json(answer, SessionJson.Default.SessionAnswer).ExecuteAsync(request.HttpContext);
}
