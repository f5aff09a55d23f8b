using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Account;

/// <summary><c>POST /account/email</c>: mails a link to the address that is to become the account's.</summary>
public sealed class ChangeEmailFunction(AccountRequest account, EmailChange change)
{
    [Function("ChangeEmail")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "account/email")] HttpRequest request, CancellationToken ct) =>
        account.RunAsync(request, ["email", "password"], (actor, fields) => change.RequestAsync(request, actor, fields[0], fields[1], ct), ct);
}
