using AuthFunctions.Clients;
using AuthFunctions.Http;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Tokens;

/// <summary>What OAuth's back-channel endpoints share: a form, an authenticated client, JSON out. Cookies are ignored.</summary>
public sealed class OAuthEndpoint(ClientAuthenticator clients)
{
    /// <summary>
    /// Reads the form, authenticates the client, then lets <paramref name="respond"/> answer; each failure ends in its OAuth error.
    /// </summary>
    public async Task RespondAsync(HttpRequest request, Func<GrantRequest, Task<IResult>> respond, CancellationToken ct)
    {
        // RFC 6749 §5.1 asks for both.
        request.HttpContext.Response.Headers.Pragma = "no-cache";
        await (await AnswerAsync(request, respond, ct)).ExecuteAsync(request.HttpContext);
    }

    private async Task<IResult> AnswerAsync(HttpRequest request, Func<GrantRequest, Task<IResult>> respond, CancellationToken ct)
    {
        var form = await Fields.ReadAsync(request, ct);
        if (form.Fault is { } fault)
        {
            return new OAuthErrorResult(fault);
        }

        var site = request.Site();
        return await clients.AuthenticateAsync(request, form, site, ct) switch
        {
            ClientAuthentication.Authenticated(var client) => await respond(new GrantRequest(form, site, client)),
            ClientAuthentication.Refused(var error) => new OAuthErrorResult(error),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
