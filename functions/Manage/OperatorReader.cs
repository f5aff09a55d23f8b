using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Manage;

/// <summary>Lets operators in: an access token for this issuer with scope <c>auth.manage</c>.</summary>
public sealed class OperatorReader(AccessTokenReader tokens)
{
    /// <summary>The operator's client, or why the request is refused (RFC 6750 §3.1).</summary>
    public async Task<(string? ClientId, Problem? Refusal)> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var site = request.Site();
        if (await tokens.ReadAsync(AccessTokenReader.Bearer(request), site, ct) is not AccessTokenReading.Valid(var token)
            || token.Audience != site.Issuer)
        {
            request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return (null, new Problem(401, "invalid_token", "An access token of this issuer is needed."));
        }

        if (!token.Scope.Contains(Scope.Manage))
        {
            request.HttpContext.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{Scope.Manage}\"";
            return (null, new Problem(403, "insufficient_scope", $"The access token needs scope {Scope.Manage}."));
        }

        return (token.ClientId, null);
    }
}
