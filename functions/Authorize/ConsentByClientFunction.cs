using AuthFunctions.Http;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Authorize;

/// <summary><c>DELETE /consents/{clientId}</c>: takes back what the user let a client have, and ends its sessions.</summary>
public sealed class ConsentByClientFunction(ActorReader actors, ConsentWithdrawal withdrawal)
{
    [Function("ConsentByClient")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "consents/{clientId}")] HttpRequest request, string clientId,
        CancellationToken ct)
    {
        var http = request.HttpContext;

        // Servers leave %2F alone in paths, and a client id may be a URL.
        var id = clientId.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        await (await actors.ForChangeAsync(request, ct) switch
        {
            Actor.Present actor when await withdrawal.WithdrawAsync(actor.User.Id, id, request.Site().Name, ct) => Answer.NoContent(http),
            Actor.Present => new Problem(404, "consent_not_found", "There is no such consent.").ExecuteAsync(http),
            Actor.Absent absent => absent.Refusal.ExecuteAsync(http),
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }
}
