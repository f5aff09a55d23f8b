using AuthFunctions.Http;
using AuthFunctions.Protocol;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Manage;

/// <summary>What the operators' commands on one user share: who may, whom, and 204 or 404.</summary>
public sealed class UserCommand(OperatorReader operators)
{
    /// <summary>Runs a command, which is given the operator's client and says whether there is such a user.</summary>
    public async Task RunAsync(HttpRequest request, string userId, Func<string, Task<bool>> command, CancellationToken ct)
    {
        var (clientId, refusal) = await operators.ReadAsync(request, ct);
        if (refusal is null && !(Id.IsValid(userId) && await command(clientId!)))
        {
            refusal = new Problem(404, "user_not_found", "There is no such user.");
        }

        await (refusal is null ? Answer.NoContent(request.HttpContext) : refusal.ExecuteAsync(request.HttpContext));
    }
}
