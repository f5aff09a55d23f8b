using AuthFunctions.Outbox;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Manage;

/// <summary><c>GET /manage/outbox</c>: what waits to be sent and what was given up, a hundred of each, for operators.</summary>
public sealed class ManageOutboxFunction(OperatorReader operators, OutboxIndexStore index)
{
    private const int MaxListed = 100;

    [Function("ManageOutbox")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/outbox")] HttpRequest request, CancellationToken ct)
    {
        if ((await operators.ReadAsync(request, ct)).Refusal is { } refusal)
        {
            await refusal.ExecuteAsync(request.HttpContext);
            return;
        }

        var waiting = await index.PendingAsync(ct).Take(MaxListed).Select(i => new WaitingIntent(i.Address.Id, i.Kind, i.CreatedAt)).ToListAsync(ct);
        var failed = await index.FailedAsync(ct).Take(MaxListed).ToListAsync(ct);
        await TypedResults.Json(new ManagedOutbox(waiting, failed), ManageJson.Default.ManagedOutbox).ExecuteAsync(request.HttpContext);
    }
}
