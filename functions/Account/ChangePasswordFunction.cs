using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Account;

/// <summary><c>POST /account/password</c>: another password, by whoever knows the one so far; ends all other sign-ins.</summary>
public sealed class ChangePasswordFunction(AccountRequest account, PasswordChange change)
{
    [Function("ChangePassword")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "account/password")] HttpRequest request, CancellationToken ct) =>
        account.RunAsync(
            request, ["password", "new_password"], (actor, fields) => change.ChangeAsync(request, actor, fields[0], fields[1], ct), ct);
}
