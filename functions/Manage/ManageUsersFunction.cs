using AuthFunctions.Http;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Manage;

/// <summary><c>GET /manage/users?email=</c>: finds a user by address, for operators.</summary>
public sealed class ManageUsersFunction(OperatorReader operators, UserDirectory users)
{
    [Function("ManageUsers")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/users")] HttpRequest request, CancellationToken ct)
    {
        var (_, refusal) = await operators.ReadAsync(request, ct);
        if (refusal is null && !EmailAddress.TryParse(Fields.OfQuery(request)["email"], out _))
        {
            refusal = Problem.InvalidRequest("email must be an e-mail address.", "email");
        }

        if (refusal is not null)
        {
            await refusal.ExecuteAsync(request.HttpContext);
            return;
        }

        _ = EmailAddress.TryParse(Fields.OfQuery(request)["email"], out var email);
        var user = await users.FindAsync(email!, ct);
        IReadOnlyList<ManagedUser> found = user is null
            ? []
            : [new(user.Id, user.Email, user.Name, user.EmailVerified, user.Blocked, user.CreatedAt)];
        await TypedResults.Json(new ManagedUsers(found), ManageJson.Default.ManagedUsers).ExecuteAsync(request.HttpContext);
    }
}
