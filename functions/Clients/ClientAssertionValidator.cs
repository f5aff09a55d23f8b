using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthFunctions.Clients;

/// <summary>Checks <c>private_key_jwt</c> (OpenID Connect Core §9, RFC 7523 §3).</summary>
public sealed class ClientAssertionValidator(ClientJwtVerifier verifier, ClientAssertionStore used)
{
    /// <summary>The registered <c>client_assertion_type</c> (RFC 7523 §2.2).</summary>
    public const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>The client that an assertion claims to be from, unverified; null if the text is no JWT.</summary>
    public static string? SubjectOf(string assertion) => CompactJwt.Peek(assertion)?.Subject;

    /// <summary>Null if the assertion proves the client, else why not.</summary>
    public async Task<string?> FaultAsync(string assertion, OAuthClient client, Site site, CancellationToken ct)
    {
        // RFC 7523 §3, 3: this issuer or its token endpoint; and RFC 9126 §2: or where requests are pushed to.
        var (token, fault) = await verifier.VerifyAsync(assertion, client, [site.Issuer, site.Issuer + "/token", site.Issuer + "/par"], ct);
        if (token is null)
        {
            return "assertion: " + fault;
        }

        // RFC 9101 §10.8: a request object shows in URLs and histories. It must not let in whoever finds it there.
        if (token.Typ == JwtTypes.RequestObject)
        {
            return "assertion: a request object";
        }

        // RFC 7523 §3, 2: for client authentication the subject is the client too.
        if (token.Subject != client.ClientId)
        {
            return "assertion: sub is not the client";
        }

        if (token.Id is not { Length: > 0 and <= 256 } jti)
        {
            return "assertion: no jti";
        }

        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(token.GetPayloadValue<long>(JwtRegisteredClaimNames.Exp)) + ClientJwtVerifier.Skew;
        return await used.TryUseAsync(client.ClientId, jti, expiresAt, ct) ? null : "assertion: used before";
    }
}
