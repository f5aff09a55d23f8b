using AuthFunctions.Clients;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;

namespace AuthFunctions.Tokens;

/// <summary>
/// Exchanges an access token for another token (RFC 8693): never for more scope, another subject or a longer life. What comes out is the matter
/// of <see cref="ITokenExchange"/>; who may bring what is decided here.
/// </summary>
public sealed class TokenExchangeGrant(
    AccessTokenReader tokens, SessionReader sessions, IEnumerable<ITokenExchange> exchanges, TimeProvider clock) : IGrant
{
    /// <inheritdoc/>
    public string GrantType => GrantTypes.TokenExchange;

    /// <inheritdoc/>
    public async Task<GrantResult> RedeemAsync(GrantRequest request, CancellationToken ct)
    {
        var (form, client) = (request.Form, request.Client);

        // RFC 8693 §5: without client authentication a stolen token could be turned into tokens for every API.
        if (!client.IsConfidential)
        {
            return Reject(OAuthError.UnauthorizedClient("a public client cannot exchange tokens"));
        }

        // §2.1: without requested_token_type the choice is ours.
        var type = form["requested_token_type"] ?? TokenTypes.AccessToken;
        if (exchanges.FirstOrDefault(e => e.TokenType == type) is not { } exchange)
        {
            return Reject(OAuthError.InvalidRequest("requested_token_type is not supported"));
        }

        if (form["subject_token"] is not { } subjectText || form["subject_token_type"] is not { } subjectType)
        {
            return Reject(OAuthError.InvalidRequest("subject_token or subject_token_type is missing"));
        }

        // §2.1: actor_token_type is required with actor_token and must not come without it.
        if (form["actor_token"] is null != form["actor_token_type"] is null)
        {
            return Reject(OAuthError.InvalidRequest("actor_token and actor_token_type must come together"));
        }

        var (subject, session, subjectFault) = await ReadAsync(subjectText, subjectType, request.Site, ct);
        if (subject is null || !MayBring(subject, client))
        {
            return Reject(Unacceptable("subject_token", subjectFault ?? "neither issued to this client nor for its API"));
        }

        AccessToken? actor = null;
        if (form["actor_token"] is { } actorText)
        {
            (actor, _, var actorFault) = await ReadAsync(actorText, form["actor_token_type"]!, request.Site, ct);

            // Who acts proves it by a token of this client's own: with another's it would speak in that one's name, with the subject's in nobody's.
            if (actor is null || actor.ClientId != client.ClientId || actor.Act is not null || actor.Subject == subject.Subject)
            {
                return Reject(Unacceptable("actor_token", actorFault ?? "not issued to this client, for somebody else, or the subject's own"));
            }
        }

        if (!Scope.TryParse(form["scope"], out var scope))
        {
            return Reject(OAuthError.InvalidScope("malformed scope"));
        }

        var asked = new Exchange(request, subject, session, actor, form["scope"] is null ? null : scope);
        return scope.IsWithin(asked.Allowed)
            ? await exchange.ExchangeAsync(asked, ct)
            : Reject(OAuthError.InvalidScope("wider than the subject token, or not this client's"));
    }

    /// <summary>A token that was given to this client, or that somebody brought to the API which this client is.</summary>
    private static bool MayBring(AccessToken token, OAuthClient client) =>
        token.ClientId == client.ClientId || token.Audience == client.ResourceServer;

    private async Task<(AccessToken? Token, FoundSession? Session, string? Fault)> ReadAsync(
        string text, string type, Site site, CancellationToken ct)
    {
        // Ours are JWTs too, and a client need not know which.
        if (type is not (TokenTypes.AccessToken or TokenTypes.Jwt))
        {
            return (null, null, "neither of type access_token nor jwt");
        }

        switch (await tokens.ReadAsync(text, site, ct))
        {
            case AccessTokenReading.Valid({ SessionId: { } id } token):
                // By the rows: an ended session's token is worth nothing here, however long it still runs.
                var found = await sessions.FindAsync(token.UserId!, id, ct);
                var dead = found is null || found.Session.Site != site.Name ? "no such session" : found.WhyDead(clock.GetUtcNow());
                return dead is null ? (token, found, null) : (null, null, dead);

            case AccessTokenReading.Valid(var token):
                return (token, null, null);

            case AccessTokenReading.Invalid(var reason):
                return (null, null, reason);

            default:
                return (null, null, "access token: expired");
        }
    }

    /// <summary>RFC 8693 §2.2.2: invalid or unacceptable tokens are invalid_request; the description does not say which of the two.</summary>
    private static OAuthError Unacceptable(string parameter, string reason) =>
        OAuthError.InvalidRequest($"{parameter} is not acceptable") with { Reason = $"{parameter}: {reason}" };

    private static GrantResult.Rejected Reject(OAuthError error) => new(error);
}
