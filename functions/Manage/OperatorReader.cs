using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Manage;

/// <summary>Lets operators in: an access token for this issuer with scope <c>auth.manage</c>.</summary>
public sealed class OperatorReader(PresentedTokenReader tokens)
{
    /// <summary>The operator's client, or why the request is refused (RFC 6750 §3.1).</summary>
    public async Task<(string? ClientId, Problem? Refusal)> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var (token, refusal) = await tokens.ReadAsync(request, null, ct);
        return token is null ? (null, refusal)
            : token.Audience != request.Site().Issuer ? (null, Challenge.Refuse(request, OAuthError.InvalidToken("for an API")))
            : !token.Scope.Contains(Scope.Manage) ? (null, Challenge.Refuse(request, OAuthError.InsufficientScope(Scope.Manage), Scope.Manage))
            : (token.ClientId, null);
    }
}
