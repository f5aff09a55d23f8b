using AuthFunctions.Http;
using AuthFunctions.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Tokens;

/// <summary><c>POST /token</c>: the token endpoint (RFC 6749 §3.2).</summary>
public sealed class TokenFunction(OAuthEndpoint endpoint, IEnumerable<IGrant> grants, DpopProofReader proofs)
{
    [Function("Token")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "token")] HttpRequest request, CancellationToken ct) =>
        endpoint.RespondAsync(request, async asked => await RedeemAsync(request, asked, ct) switch
        {
            GrantResult.Issued(var response) => TypedResults.Json(response, TokensJson.Default.TokenResponse),
            GrantResult.Rejected(var error) => new OAuthErrorResult(error),
            _ => throw new System.Diagnostics.UnreachableException(),
        }, ct);

    private async Task<GrantResult> RedeemAsync(HttpRequest request, GrantRequest asked, CancellationToken ct)
    {
        if (asked.Form["grant_type"] is not { } grantType)
        {
            return new GrantResult.Rejected(OAuthError.InvalidRequest("grant_type is missing"));
        }

        if (grants.FirstOrDefault(g => g.GrantType == grantType) is not { } grant)
        {
            return new GrantResult.Rejected(OAuthError.UnsupportedGrantType());
        }

        if (!asked.Client.GrantTypes.Contains(grantType, StringComparer.Ordinal))
        {
            return new GrantResult.Rejected(OAuthError.UnauthorizedClient("grant type not registered for the client"));
        }

        // After the client and its site, before a grant looks at what it is to redeem: a demand for a nonce must use nothing up.
        return await proofs.ReadAsync(request, null, ct) switch
        {
            DpopReading.Proven(var key) => await grant.RedeemAsync(asked with { DpopKey = key }, ct),
            DpopReading.Refused(var error) => new GrantResult.Rejected(error),
            _ when asked.Client.DpopBoundAccessTokens => new GrantResult.Rejected(OAuthError.InvalidDpopProof("the client must send one")),
            _ => await grant.RedeemAsync(asked, ct),
        };
    }
}
