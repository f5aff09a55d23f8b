using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Sites;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Handoff;

/// <summary>
/// <c>GET /handoff/start</c>: step 1, at the target. Binds the handoff to this browser before the source is asked for anything, so that nobody
/// can be signed in by a link that another browser began.
/// </summary>
public sealed class HandoffStartFunction(SiteDirectory sites, HandoffCookies cookies)
{
    [Function("HandoffStart")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "handoff/start")] HttpRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var http = request.HttpContext;
        var target = request.Site();
        var query = Fields.OfQuery(request);
        var source = sites.Find(query["from"]);
        var returnTo = target.ReturnUrl(query["return_to"]);
        var refusal = HandoffNavigation.Check(request)
            ?? (query.Fault is not null ? Problem.InvalidRequest("A parameter is repeated.")
                : source is null || !target.AcceptsFrom.Contains(source.Name, StringComparer.Ordinal)
                    ? Problem.InvalidRequest("from must name a site that this one accepts sessions from.", "from")
                : returnTo is not { Length: <= HandoffCookies.MaxReturnTo } ? Problem.InvalidRequest(
                    $"return_to must be one of the site's return URLs, with at most {HandoffCookies.MaxReturnTo} characters.", "return_to")
                : query["prompt"] is not (null or "none") ? Problem.InvalidRequest("prompt may be none.", "prompt")
                : null);
        if (refusal is not null)
        {
            return Page.ErrorAsync(http, refusal);
        }

        var state = cookies.Start(request, source!.Name, returnTo!);
        var parameters = new Dictionary<string, string?> { ["to"] = target.Name, ["nonce_hash"] = state.NonceHash };
        if (query["prompt"] is { } prompt)
        {
            parameters["prompt"] = prompt;
        }

        // The source cannot read the cookie; should the person have to sign in there first, it comes back here with this.
        parameters["return_to"] = returnTo;
        return Answer.SeeOther(http, QueryHelpers.AddQueryString(source.Issuer + "/handoff", parameters));
    }
}
