using AuthFunctions.Events;
using AuthFunctions.Http;
using AuthFunctions.Sessions;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.SignOut;

/// <summary><c>POST /logout/all</c>: ends every session of the user, on all devices, by one write to the user's epoch.</summary>
public sealed class LogoutAllFunction(ActorReader actors, UserBlocking users)
{
    [Function("LogoutAll")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "logout/all")] HttpRequest request, CancellationToken ct)
    {
        switch (await actors.ForChangeAsync(request, ct))
        {
            case Actor.Present actor:
                var e = new AuditEvent(EventKinds.AllSessionsEnded) { Site = request.Site().Name, SessionId = actor.Session.Id.ToString() };
                await users.EndSessionsAsync(actor.User.Id, e, ct);
                await SignedOut.WriteAsync(request.HttpContext, actor.Transport);
                break;

            case Actor.Absent absent:
                await absent.Refusal.ExecuteAsync(request.HttpContext);
                break;
        }
    }
}
