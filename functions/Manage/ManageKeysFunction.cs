using AuthFunctions.SigningKeys;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Manage;

/// <summary><c>GET /manage/keys</c>: the signing keys, where each is in its life, and what operators did to them lately.</summary>
public sealed class ManageKeysFunction(OperatorReader operators, IKeySource source, KeyEventStore events)
{
    [Function("ManageKeys")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/keys")] HttpRequest request, CancellationToken ct)
    {
        var (_, refusal) = await operators.ReadAsync(request, ct);
        if (refusal is not null)
        {
            await refusal.ExecuteAsync(request.HttpContext);
            return;
        }

        var keys = (await source.ListAsync(ct)).Select(k => new ManagedKey(k.Kid, k.State.ToString().ToLowerInvariant(), k.CreatedAt));
        var happened = (await events.ListAsync(ct)).Select(e => new ManagedKeyEvent(e.At, e.Kind, e.Kid, e.ClientId));
        await TypedResults.Json(new ManagedKeys([.. keys], [.. happened]), ManageJson.Default.ManagedKeys).ExecuteAsync(request.HttpContext);
    }
}
