using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Handoff;

/// <summary><c>/handoff</c>: step 2, at the source. Mints the token for a living session, after a click where one is needed (POST).</summary>
public sealed class HandoffFunction(
    SiteDirectory sites, ActorReader actors, HandoffTokens tokens, PageForm form, IOptions<HandoffOptions> options)
{
    [Function("Handoff")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "handoff")] HttpRequest request, CancellationToken ct)
    {
        var http = request.HttpContext;
        var isClick = HttpMethods.IsPost(request.Method);
        var refusal = HandoffNavigation.Check(request);
        var fields = Fields.OfQuery(request);
        if (isClick)
        {
            (var posted, refusal) = await form.ReadAsync(request, request.Site(), ct);
            fields = posted ?? fields;
        }

        refusal ??= Fault(fields, request.Site());
        if (refusal is not null)
        {
            await Page.ErrorAsync(http, refusal);
            return;
        }

        var asked = new Asked(request.Site(), sites.Find(fields["to"])!, fields["nonce_hash"], fields["return_to"], fields["prompt"] == "none");
        if (asked.NonceHash is null)
        {
            // A link in an app of the source: the target has to begin.
            await Answer.SeeOther(http, asked.StartUrl);
            return;
        }

        await ContinueAsync(request, asked, isClick, ct);
    }

    private async Task ContinueAsync(HttpRequest request, Asked asked, bool isClick, CancellationToken ct)
    {
        var http = request.HttpContext;
        if (await actors.ForReadAsync(request, ct) is not Actor.Present actor)
        {
            await Answer.SeeOther(http, asked.Silent ? asked.ErrorUrl("login_required") : asked.SignInUrl);
        }
        else if (isClick || !NeedsClick(request, actor))
        {
            var token = await tokens.IssueAsync(asked.Source, asked.Target, actor.Session, asked.NonceHash!, ct);
            await Answer.SeeOther(http, QueryHelpers.AddQueryString(HandoffTokens.AcceptUrl(asked.Target), "token", token));
        }
        else if (asked.Silent)
        {
            await Answer.SeeOther(http, asked.ErrorUrl("interaction_required"));
        }
        else
        {
            await ShowClickAsync(http, asked, actor);
        }
    }

    private Problem? Fault(Fields fields, Site source) =>
        fields.Fault is not null ? Problem.InvalidRequest("A parameter is repeated.")
        : sites.Find(fields["to"]) is not { } target || !source.HandsOffTo.Contains(target.Name, StringComparer.Ordinal)
            ? Problem.InvalidRequest("to must name a site that this one hands sessions to.", "to")
        : fields["nonce_hash"] is { } hash && !HandoffCookies.IsNonceHash(hash)
            ? Problem.InvalidRequest("nonce_hash must be the base64url SHA-256 of a nonce.", "nonce_hash")
        : fields["prompt"] is not (null or "none") ? Problem.InvalidRequest("prompt may be none.", "prompt")
        : null;

    /// <summary>
    /// A session that other sites rely on is not spread by a page that merely redirects (OWASP ASVS 5.0 §7.6.2). No page can send a Bearer.
    /// </summary>
    private bool NeedsClick(HttpRequest request, Actor.Present actor) => actor.Transport == Transport.Cookie && options.Value.Confirm switch
    {
        HandoffConfirm.Never => false,
        HandoffConfirm.WhenUnprompted => request.Headers["Sec-Fetch-User"] is not ["?1"],
        _ => true,
    };

    private Task ShowClickAsync(HttpContext http, Asked asked, Actor.Present actor) => Page.ShowAsync<HandoffPage>(
        http,
        null,
        new()
        {
            [nameof(HandoffPage.Target)] = asked.Target.DisplayName,
            [nameof(HandoffPage.Person)] = actor.User.DisplayName,
            [nameof(HandoffPage.To)] = asked.Target.Name,
            [nameof(HandoffPage.NonceHash)] = asked.NonceHash,

            // Needed once more if the session ends before the click: step 1 then begins anew.
            [nameof(HandoffPage.ReturnTo)] = asked.ReturnTo,
            [nameof(HandoffPage.Csrf)] = form.TokenFor(http),
        },
        [asked.Source.Issuer, asked.Target.Issuer, .. asked.Target.ReturnOrigins]);

    /// <summary>What step 2 was asked for, and the ways it can go on.</summary>
    private sealed record Asked(Site Source, Site Target, string? NonceHash, string? ReturnTo, bool Silent)
    {
        /// <summary>Step 1. The target checks the return URL; without one it is the target's home.</summary>
        public string StartUrl => QueryHelpers.AddQueryString(
            Target.Issuer + "/handoff/start",
            new Dictionary<string, string?> { ["from"] = Source.Name, ["return_to"] = ReturnTo ?? Target.Home, ["prompt"] = Silent ? "none" : null });

        /// <summary>
        /// The sign-in page, which comes back here without a nonce and so begins anew: by then the cookie at the target may be gone.
        /// </summary>
        public string SignInUrl => QueryHelpers.AddQueryString("/signin", "return_to", QueryHelpers.AddQueryString(
            "/handoff", new Dictionary<string, string?> { ["to"] = Target.Name, ["return_to"] = ReturnTo ?? Target.Home }));

        /// <summary>Back to the target, which alone knows where the browser came from.</summary>
        public string ErrorUrl(string error) => QueryHelpers.AddQueryString(
            HandoffTokens.AcceptUrl(Target), new Dictionary<string, string?> { ["error"] = error, ["nonce_hash"] = NonceHash });
    }
}
