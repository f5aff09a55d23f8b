using AuthFunctions.Sessions;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.SignOut;

/// <summary><c>POST /logout</c>: ends the whole tree of the session, and so the session on every root domain.</summary>
public sealed class LogoutFunction(ActorReader actors, SessionEnder ender)
{
    [Function("Logout")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "logout")] HttpRequest request, CancellationToken ct)
    {
        switch (await actors.ForChangeAsync(request, ct))
        {
            case Actor.Present actor:
                await ender.EndTreeAsync(actor.User.Id, actor.Session.Id, EndReasons.SignedOut, ct);
                await SignedOut.WriteAsync(request.HttpContext, actor.Transport);
                break;

            // It had ended before. Of an idle root the tree may still live, and is what the person means.
            case Actor.Absent { HadCookie: true, Ended: var ended }:
                if (ended is not null)
                {
                    await ender.EndTreeAsync(ended.UserId, ended.Id, EndReasons.SignedOut, ct);
                }

                await SignedOut.WriteAsync(request.HttpContext, Transport.Cookie);
                break;

            case Actor.Absent absent:
                await absent.Refusal.ExecuteAsync(request.HttpContext);
                break;
        }
    }
}
