using AuthFunctions.Http;
using AuthFunctions.SigningKeys;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Manage;

/// <summary>
/// <c>POST /manage/keys/{kid}/retire</c>: takes a key out of use at once. The standby signs; what the key signed is refused here within a minute,
/// and elsewhere when the verifier's cache ends.
/// </summary>
public sealed class RetireKeyFunction(OperatorReader operators, IKeySource source, KeyEventStore events, KeyRing ring)
{
    [Function("RetireKey")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/keys/{kid}/retire")] HttpRequest request, string kid, CancellationToken ct)
    {
        var (clientId, refusal) = await operators.ReadAsync(request, ct);
        if (refusal is null)
        {
            // There must be another to sign in its place, also within the first hour of a deployment.
            await source.MaintainAsync(ct);
            refusal = await source.PullAsync(kid, ct) ? null : new Problem(404, "key_not_found", "There is no such key.");
        }

        if (refusal is not null)
        {
            await refusal.ExecuteAsync(request.HttpContext);
            return;
        }

        // Whoever stood by may sign now: the place is filled at once, so that the next key can be pulled as well.
        await source.MaintainAsync(ct);
        ring.Forget();
        await events.AddAsync("key_retired", kid, clientId!, ct);
        await Answer.NoContent(request.HttpContext);
    }
}
