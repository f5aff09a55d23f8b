using AuthFunctions.Http;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Tokens;

/// <summary>
/// Finds who acts by a request: the session cookie, or a native app's access token whose only audience is the issuer. The rows are read, so
/// an ended session acts no more, however long its access token still runs.
/// </summary>
public sealed class ActorReader(SessionReader sessions, AccessTokenReader tokens, TimeProvider clock)
{
    /// <summary>For a request that changes something: one with a cookie must come from the site's own pages.</summary>
    public async Task<Actor> ForChangeAsync(HttpRequest request, CancellationToken ct)
    {
        var site = request.Site();
        var refusal = SessionCookie.HasSid(request) ? CrossSite.CheckCookieRequest(request, site) : CrossSite.CheckBodyRequest(request, site);
        return refusal is not null ? new Actor.Absent(refusal, HadCookie: false) : await ForReadAsync(request, ct);
    }

    /// <summary>For a request that only reads, or that is bound to the browser by other means.</summary>
    public async Task<Actor> ForReadAsync(HttpRequest request, CancellationToken ct)
    {
        var site = request.Site();
        if (SessionCookie.HasSid(request))
        {
            return SessionCookie.ReadSid(request) is { } handle
                ? await BySidAsync(handle, site, ct)
                : new Actor.Absent(Problem.SessionEnded("malformed session cookie"), HadCookie: true);
        }

        if (AccessTokenReader.Bearer(request) is not { } bearer)
        {
            return Nobody("no session cookie and no access token");
        }

        return await tokens.ReadAsync(bearer, site, ct) switch
        {
            AccessTokenReading.Valid(var token) => token.ActsForUser(site)
                ? await ByTokenAsync(token, site, ct)
                : Nobody("the access token is for an API or was issued to a client"),
            AccessTokenReading.Invalid(var reason) => Nobody(reason),
            _ => Nobody("access token: expired"),
        };
    }

    /// <summary>The living session of a session cookie's handle.</summary>
    public async Task<Actor> BySidAsync(SessionHandle handle, Site site, CancellationToken ct)
    {
        var found = await sessions.FindAsync(handle.UserId, handle.SessionId, ct);
        var notIts = found is null ? "no such session"
            : found.Session.Site != site.Name ? "the session is another site's"
            : !handle.Secret.Matches(found.Session.SidHash) ? "wrong secret"
            : null;
        if (notIts is not null)
        {
            return new Actor.Absent(Problem.SessionEnded(notIts), HadCookie: true);
        }

        return found!.WhyDead(clock.GetUtcNow()) is { } why
            ? new Actor.Absent(Problem.SessionEnded(why), HadCookie: true) { Ended = found.Session }
            : new Actor.Present(found, Transport.Cookie);
    }

    private async Task<Actor> ByTokenAsync(AccessToken token, Site site, CancellationToken ct)
    {
        var found = await sessions.FindAsync(token.UserId!, token.SessionId!.Value, ct);
        var why = found is null ? "no such session"
            : found.Session.Site != site.Name ? "the session is another site's"
            : found.WhyDead(clock.GetUtcNow());
        return why is null ? new Actor.Present(found!, Transport.Body) : Nobody(why);
    }

    private static Actor.Absent Nobody(string reason) => new(Problem.SessionEnded(reason), HadCookie: false);
}
