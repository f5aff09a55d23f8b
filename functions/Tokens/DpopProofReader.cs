using AuthFunctions.Http;
using AuthFunctions.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Tokens;

/// <summary>What a request's DPoP proof is worth.</summary>
public abstract record DpopReading
{
    private DpopReading()
    {
    }

    /// <summary>The request has none.</summary>
    public sealed record None : DpopReading;

    /// <summary>Whoever sent the request has the key of this thumbprint.</summary>
    public sealed record Proven(string KeyThumbprint) : DpopReading;

    /// <summary>It has one that proves nothing.</summary>
    public sealed record Refused(OAuthError Error) : DpopReading;
}

/// <summary>Checks the DPoP proof of a request and uses it up (RFC 9449 §4.3).</summary>
public sealed class DpopProofReader(DpopNonces nonces, DpopProofStore used, IOptions<DpopOptions> options, TimeProvider clock)
{
    /// <summary>
    /// What the request's proof is worth. A fresh nonce goes out with the answer, so that only a client's first proof is refused for the want of one.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="accessToken">The access token that it presents, or null where it asks for one.</param>
    /// <param name="ct">Ends the wait for the table.</param>
    public async Task<DpopReading> ReadAsync(HttpRequest request, string? accessToken, CancellationToken ct)
    {
        var header = request.Headers[DpopProof.Scheme];
        if (header.Count == 0)
        {
            return new DpopReading.None();
        }

        var site = request.Site();
        if (options.Value.RequireNonce)
        {
            request.HttpContext.Response.Headers[DpopProof.NonceHeader] = nonces.New(site);
        }

        // RFC 9449 §4.3, 1: not more than one.
        var (proof, fault) = header.Count == 1 ? DpopProof.Read(header[0]) : (null, "more than one header");

        // The issuer's URI, not the one that the request claims to have been sent to.
        fault ??= proof!.FaultFor(
            request.Method, new Uri(site.Issuer + request.Path), accessToken, clock.GetUtcNow(), options.Value.ProofLifetime);
        if (fault is not null)
        {
            return new DpopReading.Refused(OAuthError.InvalidDpopProof(fault));
        }

        if (options.Value.RequireNonce && !nonces.IsFresh(proof!.Nonce, site))
        {
            return new DpopReading.Refused(OAuthError.UseDpopNonce(proof.Nonce is null ? "no nonce" : "stale nonce, or not this site's"));
        }

        return await used.TryUseAsync(proof!, proof!.IssuedAt + options.Value.ProofLifetime, ct)
            ? new DpopReading.Proven(proof.KeyThumbprint)
            : new DpopReading.Refused(OAuthError.InvalidDpopProof("used before"));
    }
}
