using AuthFunctions.Http;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Session;

/// <summary>
/// <c>POST /refresh</c>: a new access token for the session. Browsers go by cookie: the refresh token's in Stateless mode, else the
/// session's. Native apps send theirs in the body.
/// </summary>
public sealed class RefreshFunction(SessionRefresher refresher, ActorReader actors, SignInAnswer answer)
{
    [Function("Refresh")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "refresh")] HttpRequest request, CancellationToken ct)
    {
        var http = request.HttpContext;
        var site = request.Site();
        var byCookie = SessionCookie.IsPresent(request, site);

        // Whoever has a session cookie is a browser and is judged as one before its body is looked at.
        if ((byCookie ? CrossSite.CheckCookieRequest(request, site) : CrossSite.CheckBodyRequest(request, site)) is { } foreign)
        {
            await foreign.ExecuteAsync(http);
            return;
        }

        var body = await JsonBody.ReadIfAnyAsync(request, ct);
        var refreshToken = body.Optional("refresh_token");
        if (Fault(body, refreshToken, byCookie) is { } fault)
        {
            await fault.ExecuteAsync(http);
            return;
        }

        var outcome = await (!byCookie ? ByRefreshTokenAsync(RefreshHandle.Read(refreshToken), Transport.Body, site, ct)
            : site.CookieMode == CookieMode.Stateless ? ByRefreshTokenAsync(SessionCookie.ReadRefresh(request), Transport.Cookie, site, ct)
            : BySidAsync(request, site, ct));
        switch (outcome)
        {
            case (Refresh.Done done, _):
                await answer.WriteAsync(http, site, done, byCookie ? Transport.Cookie : Transport.Body);
                break;

            case (_, { } refusal):
                if (byCookie)
                {
                    SessionCookie.Clear(http, site);
                }

                await refusal.ExecuteAsync(http);
                break;
        }
    }

    private static Problem? Fault(JsonBody body, string? refreshToken, bool byCookie) =>
        body.Fault
        ?? (byCookie && refreshToken is not null
            ? Problem.InvalidRequest("A request with a session cookie is answered with cookies; send no refresh_token.", "refresh_token")
            : !byCookie && refreshToken is null ? Problem.SessionEnded("neither cookie nor refresh token") : null);

    private async Task<(Refresh.Done? Done, Problem? Refusal)> ByRefreshTokenAsync(
        RefreshHandle? handle, Transport transport, Site site, CancellationToken ct) =>
        handle is null
            ? (null, Problem.SessionEnded("malformed or missing refresh token"))
            : Outcome(await refresher.ByRefreshTokenAsync(handle, site, new RefreshTerms(Transport: transport), ct));

    private async Task<(Refresh.Done? Done, Problem? Refusal)> BySidAsync(HttpRequest request, Site site, CancellationToken ct) =>
        await actors.ForReadAsync(request, ct) switch
        {
            Actor.Present { Transport: Transport.Cookie } actor => Outcome(await refresher.BySidAsync(actor, site, ct)),
            Actor.Absent absent => (null, absent.Refusal),
            _ => (null, Problem.SessionEnded("no session cookie")),
        };

    private static (Refresh.Done? Done, Problem? Refusal) Outcome(Refresh refresh) => refresh switch
    {
        Refresh.Done done => (done, null),
        Refresh.Refused(var error) => (null, Problem.SessionEnded(error.Reason)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
