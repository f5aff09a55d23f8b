using AuthFunctions.Http;
using AuthFunctions.Sessions;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Account;

/// <summary><c>POST /account/delete</c>: the account, and all that belongs to it.</summary>
public sealed class DeleteAccountFunction(AccountRequest account, AccountDeletion deletion)
{
    [Function("DeleteAccount")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "account/delete")] HttpRequest request, CancellationToken ct) =>
        account.RunAsync(request, ["password"], (actor, fields) => DeleteAsync(request, actor, fields[0], ct), ct);

    private async Task<Problem?> DeleteAsync(HttpRequest request, Actor.Present actor, string password, CancellationToken ct)
    {
        var refusal = await deletion.DeleteAsync(request, actor, password, ct);
        if (refusal is null && actor.Transport == Transport.Cookie)
        {
            SessionCookie.Clear(request.HttpContext, request.Site());
        }

        return refusal;
    }
}
