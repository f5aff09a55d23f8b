using AuthFunctions.Http;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.SignIn;

/// <summary><c>POST /login</c>: signs in with an e-mail address and a password.</summary>
public sealed class LoginFunction(PasswordSignIn signIn, SignInAnswer answer)
{
    [Function("Login")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "login")] HttpRequest request, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(request, ct);
        var (transport, refusal) = TransportField.Read(body, request);
        var (email, password) = (body.Required("email"), body.Required("password"));
        var opening = (refusal ?? body.Fault) is { } fault
            ? new Opening.Refused(fault)
            : await signIn.SignInAsync(request, email, password, transport, ct);
        await (opening switch
        {
            Opening.Opened(var user, var session, var tokens) =>
                answer.WriteAsync(request.HttpContext, request.Site(), user, session, tokens, transport, StatusCodes.Status200OK),
            Opening.Refused(var problem) => problem.ExecuteAsync(request.HttpContext),
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }
}
