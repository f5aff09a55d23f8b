using AuthFunctions.Http;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Account;

/// <summary><c>GET /account</c>: the page on which people see to their account.</summary>
public sealed class AccountFunction(ActorReader actors, AccountView view)
{
    [Function("Account")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "account")] HttpRequest request, CancellationToken ct)
    {
        await (await actors.ForReadAsync(request, ct) is Actor.Present actor
            ? view.ShowAsync(request, actor, null, ct)
            : Answer.SeeOther(request.HttpContext, "/signin?return_to=/account"));
    }
}
