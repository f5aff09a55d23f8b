using AuthFunctions.Http;
using AuthFunctions.SigningKeys;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Manage;

/// <summary><c>POST /manage/keys/rotate</c>: makes a new key to stand by; the one that stood by takes over.</summary>
public sealed class RotateKeysFunction(OperatorReader operators, IKeySource source, KeyEventStore events, KeyRing ring)
{
    [Function("RotateKeys")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/keys/rotate")] HttpRequest request, CancellationToken ct)
    {
        var (clientId, refusal) = await operators.ReadAsync(request, ct);
        if (refusal is not null)
        {
            await refusal.ExecuteAsync(request.HttpContext);
            return;
        }

        await source.RotateAsync(ct);
        ring.Forget();
        await events.AddAsync("key_rotated", null, clientId!, ct);
        await Answer.NoContent(request.HttpContext);
    }
}
