using AuthFunctions.Protocol;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthFunctions.Clients;

/// <summary>Checks JSON Web Tokens that clients sign: assertions (RFC 7523 §3) and request objects (RFC 9101 §4).</summary>
public sealed class ClientJwtVerifier(ClientKeys keys, TimeProvider clock)
{
    /// <summary>What clients may sign with.</summary>
    public static readonly IReadOnlyList<string> Algorithms =
        [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSha256];

    /// <summary>How far a client's clock may be off.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>Longest life: what counts once must be remembered that long, and what shows in URLs should not count longer.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>The token, or why it is not the client's, for one of these audiences, at this moment.</summary>
    public async Task<(JsonWebToken? Token, string? Fault)> VerifyAsync(
        string text, OAuthClient client, IReadOnlyList<string> audiences, CancellationToken ct)
    {
        if (CompactJwt.Peek(text) is not { } claimed)
        {
            return (null, "no JWT");
        }

        var result = await Handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            IssuerSigningKeys = await keys.OfAsync(client, claimed.Kid is { Length: > 0 } kid ? kid : null, ct),
            ValidAlgorithms = Algorithms,
            ValidIssuer = client.ClientId,

            // One audience: a list would let another server of the client's replay it here.
            AudienceValidator = (found, _, _) => found.ToList() is [var only] && audiences.Contains(only, StringComparer.Ordinal),
            ValidateLifetime = false,
            TryAllIssuerSigningKeys = true,
        });
        if (!result.IsValid)
        {
            return (null, result.Exception?.GetType().Name ?? "invalid");
        }

        // RFC 7523 §3, 4 and 5. The handler's own check has a clock of its own, which tests cannot move.
        var (token, now) = ((JsonWebToken)result.SecurityToken, clock.GetUtcNow());
        if (!token.TryGetPayloadValue<long>(JwtRegisteredClaimNames.Exp, out var exp) || exp > now.Add(LongestLife + Skew).ToUnixTimeSeconds()
            || exp <= now.Subtract(Skew).ToUnixTimeSeconds())
        {
            return (null, "exp is missing, past or too far ahead");
        }

        return token.TryGetPayloadValue<long>(JwtRegisteredClaimNames.Nbf, out var nbf) && nbf > now.Add(Skew).ToUnixTimeSeconds()
            ? (null, "nbf is ahead")
            : (token, null);
    }
}
