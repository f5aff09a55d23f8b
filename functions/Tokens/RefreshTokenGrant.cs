using AuthFunctions.Protocol;
using AuthFunctions.Sessions;

namespace AuthFunctions.Tokens;

/// <summary>Redeems a refresh token (RFC 6749 §6), with rotation (RFC 9700 §4.14.2).</summary>
public sealed class RefreshTokenGrant(SessionRefresher refresher, Pseudonyms pseudonyms) : IGrant
{
    /// <inheritdoc/>
    public string GrantType => GrantTypes.RefreshToken;

    /// <inheritdoc/>
    public async Task<GrantResult> RedeemAsync(GrantRequest request, CancellationToken ct)
    {
        if (request.Form["refresh_token"] is not { } presented)
        {
            return new GrantResult.Rejected(OAuthError.InvalidRequest("refresh_token is missing"));
        }

        if (!Scope.TryParse(request.Form["scope"], out var scope))
        {
            return new GrantResult.Rejected(OAuthError.InvalidScope("malformed scope"));
        }

        var (audience, fault) = ResourceParameter.Read(request.Form, request.Client);
        if (fault is not null)
        {
            return new GrantResult.Rejected(fault);
        }

        if (RefreshHandle.Read(await pseudonyms.ReadAsync(request.Client, presented, ct)) is not { } handle)
        {
            return new GrantResult.Rejected(OAuthError.InvalidGrant("malformed refresh token"));
        }

        // RFC 6749 §6: an omitted scope means all that was granted.
        var terms = new RefreshTerms(request.Client, request.Form["scope"] is null ? null : scope, audience) { DpopKey = request.DpopKey };
        return await refresher.ByRefreshTokenAsync(handle, request.Site, terms, ct) switch
        {
            Refresh.Done done => new GrantResult.Issued(
                new TokenResponse(done.Tokens.AccessToken, request.TokenType, done.Tokens.ExpiresInSeconds, done.Scope.ToString())
                {
                    RefreshToken = await pseudonyms.WriteAsync(request.Client, done.RefreshToken!.Write(), ct),
                    IdToken = done.Tokens.IdToken,
                }),
            Refresh.Refused(var error) => new GrantResult.Rejected(error),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
