using AuthFunctions.Http;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.SignIn;

/// <summary><c>POST /register</c>: makes an account, or keeps the registration until its address is confirmed.</summary>
public sealed class RegisterFunction(Registrar registrar, SignInAnswer answer)
{
    [Function("Register")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "register")] HttpRequest request, CancellationToken ct)
    {
        var http = request.HttpContext;
        var body = await JsonBody.ReadAsync(request, ct);
        var (transport, refusal) = TransportField.Read(body, request);
        var (address, password, name) = (body.Required("email"), body.Required("password"), body.Optional("name"));
        if ((refusal ?? body.Fault) is { } fault)
        {
            await fault.ExecuteAsync(http);
            return;
        }

        await (await registrar.RegisterAsync(request, address, password, name, transport, ct) switch
        {
            Registration.Waiting => Waiting(http),
            Registration.Made({ } opened) =>
                answer.WriteAsync(http, request.Site(), opened.User, opened.Session, opened.Tokens, transport, StatusCodes.Status201Created),
            Registration.Refused(var problem) => problem.ExecuteAsync(http),
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }

    /// <summary>The same for every address: whether it has an account is said to its owner alone.</summary>
    private static Task Waiting(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        return Task.CompletedTask;
    }
}
