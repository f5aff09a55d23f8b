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
        var now = clock.GetUtcNow();
        var rows = await sessions.ListAsync(actor.User.Id, ct);
        var trees = from tree in rows.GroupBy(s => s.Id.Root)
                    let root = tree.FirstOrDefault(s => s.Id == tree.Key)
                    let living = tree.Where(s => new FoundSession(actor.User, s, root).WhyDead(now) is null).ToList()
                    where living.Count > 0
                    orderby living.Max(s => s.LastUsedAt) descending
                    select new DeviceBody(
                        tree.Key.ToString(),
                        [.. living.Select(s => s.Site).Distinct(StringComparer.Ordinal)],
                        root!.Device,
                        root.CreatedAt,
                        living.Max(s => s.LastUsedAt),
                        root.AbsoluteExpiresAt,
                        tree.Key == actor.Session.Id.Root);
        return new SessionsAnswer([.. trees]);
    }
}
