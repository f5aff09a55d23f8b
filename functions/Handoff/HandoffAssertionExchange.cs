using AuthFunctions.Clients;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using AuthFunctions.Tokens;

namespace AuthFunctions.Handoff;

/// <summary>
/// At the source: a back end exchanges a user's access token for an assertion that one other back end can redeem at the target (docs/handoff.md
/// §9). <c>resource</c> is the target's token endpoint, <c>audience</c> the client there.
/// </summary>
public sealed class HandoffAssertionExchange(HandoffAssertions assertions, SiteDirectory sites, ClientDirectory clients) : ITokenExchange
{
    /// <inheritdoc/>
    public string TokenType => TokenTypes.Jwt;

    /// <inheritdoc/>
    public async Task<GrantResult> ExchangeAsync(Exchange exchange, CancellationToken ct)
    {
        var (request, source) = (exchange.Request, exchange.Request.Site);

        // The session at the target would be the user's own, and could not tell that somebody else acts in it.
        if (exchange.Session is not { } found || exchange.Actor is not null || exchange.Subject.Act is not null)
        {
            return Reject(OAuthError.InvalidRequest("only a session of a user can be handed off, without an actor"));
        }

        if (request.Form.All("resource") is not [var url] || request.Form.All("audience") is not [var clientId])
        {
            return Reject(OAuthError.InvalidRequest("resource must be the target's token endpoint, and audience the client there"));
        }

        var target = sites.All.FirstOrDefault(s => HandoffAssertions.TokenUrl(s) == url);
        if (target is null || !source.HandsOffTo.Contains(target.Name, StringComparer.Ordinal)
            || !target.AcceptsFrom.Contains(source.Name, StringComparer.Ordinal))
        {
            return Reject(OAuthError.InvalidTarget("not a site that this one hands sessions to"));
        }

        if (!request.Client.HandsOffTo.Contains(clientId, StringComparer.Ordinal)
            || clients.Find(target, clientId) is not { IsConfidential: true } redeemer
            || !redeemer.GrantTypes.Contains(GrantTypes.JwtBearer, StringComparer.Ordinal))
        {
            return Reject(OAuthError.InvalidTarget("not a client that this one may hand sessions to"));
        }

        // What is handed over ends with its root; offline_access asks for what does not.
        var scope = Scope.Of((exchange.Scope ?? exchange.Allowed).Values.Where(v => v != Scope.OfflineAccess));
        var assertion = await assertions.IssueAsync(source, target, found.Session, clientId, scope, ct);
        return new GrantResult.Issued(
            new TokenResponse(assertion, "N_A", (int)HandoffTokens.Lifetime.TotalSeconds, scope.ToString()) { IssuedTokenType = TokenType });
    }

    private static GrantResult.Rejected Reject(OAuthError error) => new(error);
}
