using AuthFunctions.Http;
using AuthFunctions.Protocol;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Tokens;

/// <summary>
/// Reads the access token that a request presents to a resource of this service: as <c>Bearer</c> (RFC 6750 §2) or, if it is bound to a key,
/// under scheme <c>DPoP</c> (RFC 9449 §7). Neither kind is taken under the other's scheme: a stolen token that is bound would else be worth as
/// much as a bearer's.
/// </summary>
public sealed class PresentedTokenReader(AccessTokenReader tokens, DpopProofReader proofs)
{
    /// <summary>The token; or the refusal, whose challenge is set.</summary>
    /// <param name="request">The request, for its headers.</param>
    /// <param name="formToken">The token of its form (RFC 6750 §2.2), or null.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<(AccessToken? Token, Problem? Refusal)> ReadAsync(HttpRequest request, string? formToken, CancellationToken ct)
    {
        // RFC 6750 §3.1: a malformed request, whatever the tokens are worth.
        if (formToken is not null && request.Headers.Authorization.Count > 0)
        {
            return (null, Challenge.Refuse(request, OAuthError.InvalidRequest("the access token is sent once: in the header, or in the form")));
        }

        if (Text(request, formToken) is not { } text)
        {
            return (null, Challenge.Refuse(request, null));
        }

        var (token, error) = await tokens.ReadAsync(text, request.Site(), ct) switch
        {
            AccessTokenReading.Valid(var valid) => (valid, await FaultAsync(request, text, valid, ct)),
            AccessTokenReading.Invalid(var reason) => (null, OAuthError.InvalidToken(reason)),
            _ => (null, OAuthError.InvalidToken("access token: expired")),
        };
        return error is null ? (token, null) : (null, Challenge.Refuse(request, error));
    }

    private async Task<OAuthError?> FaultAsync(HttpRequest request, string text, AccessToken token, CancellationToken ct)
    {
        if (Challenge.IsDpop(request) != (token.DpopKey is not null))
        {
            return OAuthError.InvalidToken("a token that is bound to a key as Bearer, or one that is not as DPoP");
        }

        return token.DpopKey is null ? null : await proofs.ReadAsync(request, text, ct) switch
        {
            DpopReading.Proven(var key) => key == token.DpopKey ? null : OAuthError.InvalidToken("the proof is another key's"),
            DpopReading.Refused(var error) => error,
            _ => OAuthError.InvalidDpopProof("there is none"),
        };
    }

    /// <summary>The token of the header or of the form, or null (RFC 6750 §2). Never the query's.</summary>
    private static string? Text(HttpRequest request, string? formToken) =>
        request.Headers.Authorization.Count == 0 ? formToken
        : Challenge.IsDpop(request) ? request.Headers.Authorization[0]![(DpopProof.Scheme.Length + 1)..].Trim()
        : AccessTokenReader.Bearer(request);
}
