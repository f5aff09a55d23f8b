using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthFunctions.Handoff;

/// <summary>What a handoff assertion says (docs/handoff.md §9).</summary>
/// <param name="Issuer">The source site.</param>
/// <param name="UserId">The user.</param>
/// <param name="SessionId">The source session.</param>
/// <param name="TokenId">What makes it redeemable once.</param>
/// <param name="ClientId">The one client that may redeem it.</param>
/// <param name="Scope">What it may be redeemed for at most.</param>
/// <param name="ExpiresAt">Ten seconds after it was made; no leeway.</param>
public sealed record HandoffAssertion(
    Site Issuer, string UserId, SessionId SessionId, string TokenId, string ClientId, Scope Scope, DateTimeOffset ExpiresAt);

/// <summary>Makes and reads handoff assertions: handoff tokens between back ends, bound to a client instead of a browser.</summary>
public sealed class HandoffAssertions(HandoffTokens tokens, Pseudonyms pseudonyms)
{
    /// <summary>Where a site takes assertions; also their audience (RFC 7523 §3).</summary>
    public static string TokenUrl(Site target) => target.Issuer + "/token";

    /// <summary>An assertion that lets that client continue this session at the target; it names both as that client knows them.</summary>
    public async Task<string> IssueAsync(Site source, Site target, SessionRow session, string clientId, Scope scope, CancellationToken ct) =>
        await tokens.SignAsync(
            JwtTypes.HandoffAssertion,
            source,
            TokenUrl(target),
            session,
            await pseudonyms.SubjectAsync(target, clientId, session.UserId, ct),
            await pseudonyms.SidAsync(target, clientId, session.UserId, session.Id, ct),
            json =>
            {
                json.WriteString(JwtRegisteredClaimNames.Azp, clientId);
                json.WriteString(TokenClaims.Scope, scope.ToString());
            },
            ct);

    /// <summary>The assertion if it is one of this deployment's, for this target; else why not. Expiry is the caller's matter.</summary>
    public async Task<(HandoffAssertion? Assertion, string? Fault)> ReadAsync(string text, Site target, CancellationToken ct)
    {
        var (token, issuer, fault) = await tokens.VerifyAsync(text, JwtTypes.HandoffAssertion, TokenUrl(target), ct);
        if (token is null)
        {
            return (null, fault);
        }

        return HandoffTokens.HasIds(token)
            && token.TryGetPayloadValue<string>(JwtRegisteredClaimNames.Azp, out var clientId)
            && await pseudonyms.FindAsync(target, clientId, token.Subject, token.GetPayloadValue<string>(JwtRegisteredClaimNames.Sid), ct)
                is (var userId, var sessionId) && Id.IsValid(userId)
            && token.TryGetPayloadValue<string>(TokenClaims.Scope, out var granted) && Scope.TryParse(granted, out var scope)
            ? (new HandoffAssertion(issuer!, userId, sessionId, token.Id, clientId, scope, HandoffTokens.ExpiryOf(token)), null)
            : (null, "a claim is missing");
    }
}
