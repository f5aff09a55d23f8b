using AuthFunctions.Http;
using AuthFunctions.Sessions;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Session;

/// <summary><c>DELETE /sessions/{id}</c>: ends one of the user's own sign-ins, on every site it reaches.</summary>
public sealed class SessionByIdFunction(ActorReader actors, SessionEnder ender)
{
    [Function("SessionById")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "sessions/{id}")] HttpRequest request, string id, CancellationToken ct)
    {
        var http = request.HttpContext;
        switch (await actors.ForChangeAsync(request, ct))
        {
            // Looked for among the user's own rows only, so another user's id is as unknown as a made-up one.
            case Actor.Present actor when SessionId.TryParse(id, out var session)
                && await ender.EndTreeAsync(actor.User.Id, session, EndReasons.EndedByUser, ct):
                if (actor.Transport == Transport.Cookie && session.Root == actor.Session.Id.Root)
                {
                    SessionCookie.Clear(http, request.Site());
                }

                await Answer.NoContent(http);
                break;

            case Actor.Present:
                await new Problem(404, "session_not_found", "There is no such session.").ExecuteAsync(http);
                break;

            case Actor.Absent absent:
                await absent.Refusal.ExecuteAsync(http);
                break;
        }
    }
}
