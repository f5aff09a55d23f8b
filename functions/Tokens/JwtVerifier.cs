using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using AuthFunctions.SigningKeys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthFunctions.Tokens;

/// <summary>
/// Checks that a token is one of ours: signature, algorithm, type and issuer (RFC 8725 §3). Lifetime and audience are the caller's matter.
/// </summary>
public sealed class JwtVerifier(KeyRing keys)
{
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>The token, or why it is none of that type and site.</summary>
    public async Task<(JsonWebToken? Token, string? Fault)> VerifyAsync(string? text, string type, Site issuer, CancellationToken ct)
    {
        if (!CompactJwt.IsWellFormed(text))
        {
            return (null, "no JWT");
        }

        var published = (await keys.KeysAsync(ct)).Published;
        var result = await Handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidIssuer = issuer.Issuer,
            ValidTypes = [type],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeys = published.Select(k => k.VerificationKey),
            TryAllIssuerSigningKeys = false,
            ValidateAudience = false,

            // By our own clock, and told apart from "not ours": an expired token of ours may be refreshed.
            ValidateLifetime = false,
        });
        return result.IsValid ? ((JsonWebToken)result.SecurityToken, null) : (null, result.Exception?.GetType().Name ?? "invalid");
    }
}
