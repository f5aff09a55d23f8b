using AuthFunctions.Sites;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthFunctions.Clients;

/// <summary>Checks <c>private_key_jwt</c> (OpenID Connect Core §9, RFC 7523 §3).</summary>
public sealed class ClientAssertionValidator(ClientAssertionStore used, TimeProvider clock)
{
    /// <summary>The registered <c>client_assertion_type</c> (RFC 7523 §2.2).</summary>
    public const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>How far a client's clock may be off.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>Longest life of an assertion: what is used up must be remembered that long.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>The client that an assertion claims to be from, unverified; null if the text is no JWT.</summary>
    public static string? SubjectOf(string assertion)
    {
        try
        {
            return Handler.ReadJsonWebToken(assertion).Subject;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Null if the assertion proves the client, else why not.</summary>
    public async Task<string?> FaultAsync(string assertion, OAuthClient client, Site site, CancellationToken ct)
    {
        var result = await Handler.ValidateTokenAsync(assertion, new TokenValidationParameters
        {
            IssuerSigningKeys = client.Keys,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSha256],

            // RFC 7523 §3, 1 and 2: for client authentication issuer and subject are the client.
            ValidIssuer = client.ClientId,

            // One audience, this issuer or its token endpoint: a list would let another server of the client's replay it here.
            AudienceValidator = (audiences, _, _) => audiences.ToList() is [var only] && (only == site.Issuer || only == site.Issuer + "/token"),
            ValidateLifetime = false,
            TryAllIssuerSigningKeys = true,
        });
        if (!result.IsValid)
        {
            return "assertion: " + (result.Exception?.GetType().Name ?? "invalid");
        }

        var token = (JsonWebToken)result.SecurityToken;
        if (token.Subject != client.ClientId)
        {
            return "assertion: sub is not the client";
        }

        // RFC 7523 §3, 4 to 6. The handler's own check has a clock of its own, which tests cannot move.
        var now = clock.GetUtcNow();
        if (!token.TryGetPayloadValue<long>(JwtRegisteredClaimNames.Exp, out var exp) || exp > now.Add(LongestLife + Skew).ToUnixTimeSeconds()
            || exp <= now.Subtract(Skew).ToUnixTimeSeconds())
        {
            return "assertion: exp is missing, past or too far ahead";
        }

        if (token.TryGetPayloadValue<long>(JwtRegisteredClaimNames.Nbf, out var nbf) && nbf > now.Add(Skew).ToUnixTimeSeconds())
        {
            return "assertion: nbf is ahead";
        }

        if (token.Id is not { Length: > 0 and <= 256 } jti)
        {
            return "assertion: no jti";
        }

        return await used.TryUseAsync(client.ClientId, jti, DateTimeOffset.FromUnixTimeSeconds(exp) + Skew, ct) ? null : "assertion: used before";
    }
}
