using AuthFunctions.Http;
using AuthFunctions.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Tokens;

/// <summary><c>POST /token</c>: the token endpoint (RFC 6749 §3.2).</summary>
public sealed class TokenFunction(OAuthEndpoint endpoint, IEnumerable<IGrant> grants)
{
    [Function("Token")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "token")] HttpRequest request, CancellationToken ct) =>
        endpoint.RespondAsync(request, async asked => await RedeemAsync(asked, ct) switch
        {
            GrantResult.Issued(var response) => TypedResults.Json(response, TokensJson.Default.TokenResponse),
            GrantResult.Rejected(var error) => new OAuthErrorResult(error),
            _ => throw new System.Diagnostics.UnreachableException(),
        }, ct);

    private async Task<GrantResult> RedeemAsync(GrantRequest asked, CancellationToken ct)
    {
        if (asked.Form["grant_type"] is not { } grantType)
        {
            return new GrantResult.Rejected(OAuthError.InvalidRequest("grant_type is missing"));
        }

        if (grants.FirstOrDefault(g => g.GrantType == grantType) is not { } grant)
        {
            return new GrantResult.Rejected(OAuthError.UnsupportedGrantType());
        }

        return asked.Client.GrantTypes.Contains(grantType, StringComparer.Ordinal)
            ? await grant.RedeemAsync(asked, ct)
            : new GrantResult.Rejected(OAuthError.UnauthorizedClient("grant type not registered for the client"));
    }
}
