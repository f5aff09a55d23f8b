using AuthFunctions.Sessions;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Session;

/// <summary><c>GET /sessions</c>: the user's sign-ins, newest use first.</summary>
public sealed class SessionsFunction(ActorReader actors, SessionStore sessions, TimeProvider clock)
{
    [Function("Sessions")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "sessions")] HttpRequest request, CancellationToken ct)
    {
        await (await actors.ForReadAsync(request, ct) switch
        {
            Actor.Present actor =>
                TypedResults.Json(await ListAsync(actor, ct), SessionJson.Default.SessionsAnswer).ExecuteAsync(request.HttpContext),
            Actor.Absent absent => absent.Refusal.ExecuteAsync(request.HttpContext),
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }

    private async Task<SessionsAnswer> ListAsync(Actor.Present actor, CancellationToken ct)
    {
        var trees = SessionTree.Of(actor.User, await sessions.ListAsync(actor.User.Id, ct), clock.GetUtcNow());
        return new SessionsAnswer(
        [
            .. trees.Select(tree => new DeviceBody(
                tree.Root.Id.ToString(),
                [.. tree.Sites],
                tree.Root.Device,
                tree.Root.CreatedAt,
                tree.LastUsed.LastUsedAt,
                tree.Root.AbsoluteExpiresAt,
                tree.Root.Id == actor.Session.Id.Root)),
        ]);
    }
}
