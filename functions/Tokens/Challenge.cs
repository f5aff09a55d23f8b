using AuthFunctions.Http;
using AuthFunctions.Protocol;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Tokens;

/// <summary>Refusals at the resources of this service, with the challenge of the scheme that was tried (RFC 6750 §3, RFC 9449 §7.1).</summary>
public static class Challenge
{
    private const string Bearer = "Bearer";

    /// <summary>The refusal; its challenge is set.</summary>
    /// <param name="request">The request.</param>
    /// <param name="error">Why; null where no credentials were sent: both schemes are then told and no error is (RFC 6750 §3.1).</param>
    /// <param name="scope">The scope that would do, for <c>insufficient_scope</c>.</param>
    public static Problem Refuse(HttpRequest request, OAuthError? error, string? scope = null)
    {
        var headers = request.HttpContext.Response.Headers;
        if (error is null)
        {
            headers.WWWAuthenticate = new([Bearer, $"{DpopProof.Scheme} algs=\"{DpopProof.Algorithm}\""]);
            return new Problem(401, "invalid_token", "An access token is needed, in the Authorization header or, with POST, in the form.");
        }

        var isDpop = IsDpop(request);
        headers.WWWAuthenticate = (isDpop ? DpopProof.Scheme : Bearer) + $" error=\"{error.Code}\""
            + (scope is null ? "" : $", scope=\"{scope}\"") + (isDpop ? $", algs=\"{DpopProof.Algorithm}\"" : "");

        // RFC 9449 §7.1: at a resource a faulty proof is 401. RFC 6750 §3.1: a malformed request is 400 here too.
        var status = error is { Status: 400, Code: not "invalid_request" } ? 401 : error.Status;
        return new Problem(status, error.Code, error.Description) { Reason = error.Reason };
    }

    /// <summary>True if the request presents its token under the DPoP scheme.</summary>
    public static bool IsDpop(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(DpopProof.Scheme + " ", StringComparison.OrdinalIgnoreCase);
}
