using AuthFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Manage;

/// <summary><c>POST /manage/users/{id}/block</c>: shuts a user out and ends all sessions.</summary>
public sealed class BlockUserFunction(UserCommand command, UserBlocking users)
{
    [Function("BlockUser")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/users/{id}/block")] HttpRequest request,
        string id, CancellationToken ct) =>
        command.RunAsync(request, id, clientId => users.BlockAsync(id, clientId, ct), ct);
}
