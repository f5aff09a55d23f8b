using AuthFunctions.Protocol;

namespace AuthFunctions.Tokens;

/// <summary>
/// An access token for another API, with the subject and the session of the one that was brought: it dies with that session, and never lives
/// longer than that token. There is no refresh token; whoever still has a subject token exchanges it again.
/// </summary>
public sealed class AccessTokenExchange(TokenIssuer issuer, TimeProvider clock) : ITokenExchange
{
    /// <summary>Longest chain of actors: each adds to every token that follows.</summary>
    private const int MaxActors = 8;

    /// <inheritdoc/>
    public string TokenType => TokenTypes.AccessToken;

    /// <inheritdoc/>
    public async Task<GrantResult> ExchangeAsync(Exchange exchange, CancellationToken ct)
    {
        var (request, subject) = (exchange.Request, exchange.Subject);

        // RFC 8693 §1.1: without an actor the client would be indistinguishable from the subject, which takes more trust.
        if (exchange.Actor is null && !request.Client.ExchangesWithoutActor)
        {
            return Reject(OAuthError.InvalidRequest("actor_token is missing: this client may only act for others by name"));
        }

        // §2.1: audience and resource name the target, by name or by address; here both are the audience. A token has exactly one.
        List<string> targets = [.. request.Form.All("audience").Concat(request.Form.All("resource")).Distinct(StringComparer.Ordinal)];
        if (targets is not ([] or [_]))
        {
            return Reject(OAuthError.InvalidTarget("more than one target"));
        }

        var audience = targets.FirstOrDefault() ?? subject.Audience;
        if (!request.Client.ExchangeAudiences.Contains(audience, StringComparer.Ordinal))
        {
            return Reject(OAuthError.InvalidTarget("not an audience that this client may exchange tokens to"));
        }

        // §4.1: the one who acts now is outermost. Who acted before stays in, with or without a new one.
        var act = exchange.Actor is { } actor ? new ActClaim(actor.Subject, subject.Act) : subject.Act;
        if (act?.Depth > MaxActors)
        {
            return Reject(OAuthError.InvalidRequest($"more than {MaxActors} have acted"));
        }

        var now = clock.GetUtcNow();
        var expiresAt = Earliest(now + issuer.LifetimeFor(audience), subject.ExpiresAt, exchange.Session?.Session.ExpiresAt);
        var scope = exchange.Scope ?? exchange.Allowed;
        var token = await issuer.ExchangedTokenAsync(request.Site, exchange, scope, audience, act, expiresAt, ct);
        return new GrantResult.Issued(new TokenResponse(token, request.TokenType, (int)(expiresAt - now).TotalSeconds, scope.ToString())
        {
            IssuedTokenType = TokenType,
        });
    }

    private static DateTimeOffset Earliest(DateTimeOffset first, DateTimeOffset second, DateTimeOffset? third) =>
        new[] { first, second, third ?? first }.Min();

    private static GrantResult.Rejected Reject(OAuthError error) => new(error);
}
