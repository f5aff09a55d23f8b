using AuthFunctions.Http;
using AuthFunctions.Tokens;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.SignIn;

/// <summary><c>POST /register</c>: makes an account, or keeps the registration until its address is confirmed.</summary>
public sealed class RegisterFunction(Registrar registrar, SignInAnswer answer, PasswordPolicy policy)
{
    private const int MaxNameLength = 200;

    [Function("Register")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "register")] HttpRequest request, CancellationToken ct)
    {
        var http = request.HttpContext;
        var body = await JsonBody.ReadAsync(request, ct);
        var (transport, refusal) = TransportField.Read(body, request);
        var (address, password, name) = (body.Required("email"), body.Required("password"), body.Optional("name")?.Trim());
        if ((refusal ?? body.Fault ?? Fault(address, password, name)) is { } fault)
        {
            await fault.ExecuteAsync(http);
            return;
        }

        _ = EmailAddress.TryParse(address, out var email);
        await (await registrar.RegisterAsync(request, email!, password, name is "" ? null : name, transport, ct) switch
        {
            Registration.Waiting => Waiting(http),
            Registration.Made({ } opened) =>
                answer.WriteAsync(http, request.Site(), opened.User, opened.Session, opened.Tokens, transport, StatusCodes.Status201Created),
            Registration.Refused(var problem) => problem.ExecuteAsync(http),
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }

    private Problem? Fault(string address, string password, string? name) =>
        !EmailAddress.TryParse(address, out var email) ? Problem.InvalidRequest("email must be an e-mail address.", "email")
        : name?.Length > MaxNameLength ? Problem.InvalidRequest($"name may have {MaxNameLength} characters.", "name")
        : policy.Fault(password, email) is { } fault ? new Problem(400, "password_refused", fault) { Field = "password" }
        : null;

    /// <summary>The same for every address: whether it has an account is said to its owner alone.</summary>
    private static Task Waiting(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        return Task.CompletedTask;
    }
}
