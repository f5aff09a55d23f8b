using AuthFunctions.Events;
using AuthFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Manage;

/// <summary><c>DELETE /manage/users/{id}/sessions</c>: ends every session of a user.</summary>
public sealed class EndUserSessionsFunction(UserCommand command, UserBlocking users)
{
    [Function("EndUserSessions")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "manage/users/{id}/sessions")] HttpRequest request,
        string id, CancellationToken ct) =>
        command.RunAsync(
            request,
            id,
            clientId => users.EndSessionsAsync(
                id, new AuditEvent(EventKinds.AllSessionsEnded) { ClientId = clientId, Reason = EndReasons.EndedByOperator }, ct),
            ct);
}
