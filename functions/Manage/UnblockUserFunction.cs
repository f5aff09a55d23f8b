using AuthFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Manage;

/// <summary><c>POST /manage/users/{id}/unblock</c>: lets a user sign in again.</summary>
public sealed class UnblockUserFunction(UserCommand command, UserBlocking users)
{
    [Function("UnblockUser")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/users/{id}/unblock")] HttpRequest request,
        string id, CancellationToken ct) =>
        command.RunAsync(request, id, clientId => users.UnblockAsync(id, clientId, ct), ct);
}
