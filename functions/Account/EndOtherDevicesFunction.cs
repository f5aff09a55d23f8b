using AuthFunctions.Http;
using AuthFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Account;

/// <summary><c>POST /account/sessions/end-others</c>: ends every sign-in of the user but the one that asks.</summary>
public sealed class EndOtherDevicesFunction(AccountRequest account, OtherSessions others)
{
    [Function("EndOtherDevices")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "account/sessions/end-others")] HttpRequest request, CancellationToken ct) =>
        account.RunAsync(
            request,
            [],
            async (actor, _) => await others.EndAsync(actor.Found, request.Site().Name, ct)
                ? null
                : Problem.SessionEnded("the session ended meanwhile"),
            ct);
}
