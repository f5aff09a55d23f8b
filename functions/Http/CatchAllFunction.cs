using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Primitives;

namespace AuthFunctions.Http;

/// <summary>
/// What no other function takes: CORS preflights, methods that a path does not have (405 with <c>Allow</c>), and paths that do not
/// exist (404). Needed because the Functions host answers an unlisted method with an empty 404.
/// </summary>
public sealed class CatchAllFunction(RouteTable routes)
{
    [Function("CatchAll")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var http = request.HttpContext;
        var methods = routes.MethodsOf(request.Path);
        if (methods.Count == 0)
        {
            return new Problem(404, "not_found", "There is nothing here.").ExecuteAsync(http);
        }

        var allow = string.Join(", ", methods);
        http.Response.Headers.Allow = allow;
        if (!HttpMethods.IsOptions(request.Method))
        {
            return new Problem(405, "method_not_allowed", $"This path takes {allow}.").ExecuteAsync(http);
        }

        // The middleware has set the origin, if it is a known one; without it the browser refuses, whatever else is sent.
        if (!StringValues.IsNullOrEmpty(http.Response.Headers.AccessControlAllowOrigin))
        {
            http.Response.Headers.AccessControlAllowMethods = allow;
            http.Response.Headers.AccessControlAllowHeaders = "Authorization, Content-Type, DPoP, X-Requested-With";
            http.Response.Headers.AccessControlMaxAge = "600";
        }

        return Answer.NoContent(http);
    }
}
