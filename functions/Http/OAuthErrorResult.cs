using AuthFunctions.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Http;

/// <summary>An error response of an OAuth endpoint (RFC 6749 §5.2).</summary>
/// <param name="Error">What is wrong.</param>
public sealed record OAuthErrorResult(OAuthError Error) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        Refusals.Log(httpContext.RequestServices.GetRequiredService<ILogger<OAuthErrorResult>>(), Error.Status, Error.Code, Error.Reason);
        httpContext.Response.StatusCode = Error.Status;
        if (Error.Status == StatusCodes.Status401Unauthorized)
        {
            // RFC 6749 §5.2: a client that authenticated by the Authorization header is told the scheme; the others do no harm by it.
            httpContext.Response.Headers.WWWAuthenticate = "Basic realm=\"token endpoint\", charset=\"UTF-8\"";
        }

        await httpContext.Response.WriteAsJsonAsync(
            new OAuthErrorBody(Error.Code, Error.Description), HttpJson.Default.OAuthErrorBody, "application/json", httpContext.RequestAborted);
    }
}

/// <summary>The members of RFC 6749 §5.2.</summary>
public sealed record OAuthErrorBody(string Error, string ErrorDescription);
