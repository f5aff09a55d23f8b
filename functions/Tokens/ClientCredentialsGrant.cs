using AuthFunctions.Protocol;

namespace AuthFunctions.Tokens;

/// <summary>Tokens for a client that acts for itself (RFC 6749 §4.4). No session, so no refresh token (§4.4.3).</summary>
public sealed class ClientCredentialsGrant(TokenIssuer issuer) : IGrant
{
    /// <inheritdoc/>
    public string GrantType => GrantTypes.ClientCredentials;

    /// <inheritdoc/>
    public async Task<GrantResult> RedeemAsync(GrantRequest request, CancellationToken ct)
    {
        var client = request.Client;

        // RFC 6749 §4.4: confidential clients only. A public one has proven nothing.
        if (!client.IsConfidential)
        {
            return new GrantResult.Rejected(OAuthError.UnauthorizedClient("a public client cannot act for itself"));
        }

        if (!Scope.TryParse(request.Form["scope"], out var asked))
        {
            return new GrantResult.Rejected(OAuthError.InvalidScope("malformed scope"));
        }

        var allowed = client.OwnScopes;
        if (!asked.IsWithin(allowed))
        {
            return new GrantResult.Rejected(OAuthError.InvalidScope("a scope is not this client's"));
        }

        var (audience, fault) = ResourceParameter.Read(request.Form, client);
        if (fault is not null)
        {
            return new GrantResult.Rejected(fault);
        }

        var scope = asked.Values.Count == 0 ? allowed : asked;
        audience ??= Audience(request, scope);
        var token = await issuer.ClientTokenAsync(request.Site, client, scope, audience, request.DpopKey, ct);
        var expiresInSeconds = (int)issuer.LifetimeFor(audience).TotalSeconds;
        return new GrantResult.Issued(new TokenResponse(token, request.TokenType, expiresInSeconds, scope.ToString()));
    }

    /// <summary>A scope of this service's own is for the issuer, even where the site's default is its API.</summary>
    private static string Audience(GrantRequest request, Scope scope) =>
        scope.Contains(Scope.Manage) ? request.Site.Issuer : request.Site.DefaultAudience;
}
