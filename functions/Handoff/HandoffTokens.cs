using System.Text.Json;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.SigningKeys;
using AuthFunctions.Sites;
using AuthFunctions.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthFunctions.Handoff;

/// <summary>What a handoff token says (docs/handoff.md §4).</summary>
/// <param name="Issuer">The source site.</param>
/// <param name="UserId">The user.</param>
/// <param name="SessionId">The source session.</param>
/// <param name="TokenId">What makes it redeemable once.</param>
/// <param name="NonceHash">The browser it is bound to.</param>
/// <param name="ExpiresAt">Ten seconds after it was made; no leeway.</param>
public sealed record HandoffToken(Site Issuer, string UserId, SessionId SessionId, string TokenId, string NonceHash, DateTimeOffset ExpiresAt);

/// <summary>Makes and reads handoff tokens.</summary>
public sealed class HandoffTokens(KeyRing keys, JwtVerifier verifier, SiteDirectory sites, TimeProvider clock)
{
    /// <summary>Life of a token.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>Where a site takes handoff tokens; also their audience.</summary>
    public static string AcceptUrl(Site target) => target.Issuer + "/handoff/accept";

    /// <summary>A token that lets the browser with that nonce continue this session at the target.</summary>
    public Task<string> IssueAsync(Site source, Site target, SessionRow session, string nonceHash, CancellationToken ct) => SignAsync(
        JwtTypes.Handoff, source, AcceptUrl(target), session, session.UserId, session.Id.ToString(),
        json => json.WriteString(JwtRegisteredClaimNames.Nonce, nonceHash), ct);

    /// <summary>A token that carries a session from one site to another.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="source">The site that issues it.</param>
    /// <param name="audience">The one URL that takes it.</param>
    /// <param name="session">The session.</param>
    /// <param name="subject">What whoever brings it knows the user by.</param>
    /// <param name="sid">What they know the session by.</param>
    /// <param name="writeBinding">Writes who may bring it.</param>
    /// <param name="ct">Ends the wait for a vault.</param>
    internal Task<string> SignAsync(
        string type, Site source, string audience, SessionRow session, string subject, string sid, Action<Utf8JsonWriter> writeBinding,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return keys.SignAsync(
            type,
            json =>
            {
                json.WriteString(JwtRegisteredClaimNames.Iss, source.Issuer);
                json.WriteString(JwtRegisteredClaimNames.Aud, audience);
                json.WriteString(JwtRegisteredClaimNames.Sub, subject);
                json.WriteString(JwtRegisteredClaimNames.Sid, sid);
                json.WriteString(JwtRegisteredClaimNames.Jti, Id.New());
                writeBinding(json);
                json.WriteStartArray(JwtRegisteredClaimNames.Amr);
                session.Amr.ToList().ForEach(json.WriteStringValue);
                json.WriteEndArray();
                json.WriteNumber(JwtRegisteredClaimNames.AuthTime, session.AuthTime.ToUnixTimeSeconds());
                json.WriteNumber(JwtRegisteredClaimNames.Iat, now.ToUnixTimeSeconds());
                json.WriteNumber(JwtRegisteredClaimNames.Exp, (now + Lifetime).ToUnixTimeSeconds());
            },
            ct);
    }

    /// <summary>The nonce hash that a token claims, believed by nobody yet; null if it is no token.</summary>
    public static string? NonceHashOf(string? text) =>
        CompactJwt.Peek(text) is { } token && token.TryGetPayloadValue<string>(JwtRegisteredClaimNames.Nonce, out var nonce) ? nonce : null;

    /// <summary>The token if it is one of this deployment's, for this target; else why not. Expiry is the caller's matter.</summary>
    public async Task<(HandoffToken? Token, string? Fault)> ReadAsync(string text, Site target, CancellationToken ct)
    {
        var (token, issuer, fault) = await VerifyAsync(text, JwtTypes.Handoff, AcceptUrl(target), ct);
        if (token is null)
        {
            return (null, fault);
        }

        return HasIds(token) && Id.IsValid(token.Subject)
            && SessionId.TryParse(token.GetPayloadValue<string>(JwtRegisteredClaimNames.Sid), out var sessionId)
            && token.TryGetPayloadValue<string>(JwtRegisteredClaimNames.Nonce, out var nonce)
            ? (new HandoffToken(issuer!, token.Subject, sessionId, token.Id, nonce, ExpiryOf(token)), null)
            : (null, "a claim is missing");
    }

    /// <summary>A token of any site of this deployment, of that type, for that one audience; else why not.</summary>
    internal async Task<(JsonWebToken? Token, Site? Issuer, string? Fault)> VerifyAsync(
        string text, string type, string audience, CancellationToken ct)
    {
        if (CompactJwt.Peek(text) is not { } claimed)
        {
            return (null, null, "not a JWT");
        }

        // All sites sign with one key ring, so that which one speaks is told by the issuer alone; that it may is checked by the caller.
        if (sites.All.FirstOrDefault(s => s.Issuer == claimed.Issuer) is not { } issuer)
        {
            return (null, null, "unknown issuer");
        }

        var (token, fault) = await verifier.VerifyAsync(text, type, issuer, ct);
        return token is null ? (null, null, fault)
            : token.Audiences.ToList() is not [var only] || only != audience ? (null, null, "wrong audience")
            : (token, issuer, null);
    }

    /// <summary>False if a claim is missing that every token has, whoever it is bound to.</summary>
    internal static bool HasIds(JsonWebToken token) => token.TryGetPayloadValue<string>(JwtRegisteredClaimNames.Sid, out _)
        && token.TryGetPayloadValue<long>(JwtRegisteredClaimNames.Exp, out _) && Id.IsValid(token.Id);

    /// <summary>The second in which a token expires.</summary>
    internal static DateTimeOffset ExpiryOf(JsonWebToken token) =>
        DateTimeOffset.FromUnixTimeSeconds(token.GetPayloadValue<long>(JwtRegisteredClaimNames.Exp));
}
