using AuthFunctions.Http;
using AuthFunctions.Sessions;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Account;

/// <summary><c>POST /account/sessions/end</c>: ends one of the user's own sign-ins, on every site it reaches; the account page's form.</summary>
public sealed class EndDeviceFunction(AccountRequest account, SessionEnder ender)
{
    [Function("EndDevice")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "account/sessions/end")] HttpRequest request, CancellationToken ct) =>
        account.RunAsync(request, ["session"], (actor, fields) => EndAsync(request, actor, fields[0], ct), ct);

    // Looked for among the user's own rows only, so another user's id is as unknown as a made-up one.
    private async Task<Problem?> EndAsync(HttpRequest request, Actor.Present actor, string id, CancellationToken ct)
    {
        if (!SessionId.TryParse(id, out var session) || !await ender.EndTreeAsync(actor.User.Id, session, EndReasons.EndedByUser, ct))
        {
            return new Problem(404, "session_not_found", "There is no such session.");
        }

        if (actor.Transport == Transport.Cookie && session.Root == actor.Session.Id.Root)
        {
            SessionCookie.Clear(request.HttpContext, request.Site());
        }

        return null;
    }
}
