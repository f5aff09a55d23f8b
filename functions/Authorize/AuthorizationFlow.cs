using AuthFunctions.Clients;
using AuthFunctions.Events;
using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Tokens;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthFunctions.Authorize;

/// <summary>
/// Takes a checked authorization request one step on (OpenID Connect Core §3.1.2.3 to §3.1.2.5): to the sign-in page, to consent, or to its
/// answer.
/// </summary>
public sealed class AuthorizationFlow(
    ActorReader actors, ConsentStore consents, CodeIssuer codes, Pseudonyms pseudonyms, SealedRequests sealedRequests, AuthorizationResponse response,
    EventStore events, TimeProvider clock)
{
    private const int MaxTries = 10;

    /// <summary>Answers the request.</summary>
    public async Task ContinueAsync(HttpRequest http, AuthorizationRequest request, OAuthClient client, CancellationToken ct)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var actor = await actors.ForReadAsync(http, ct) as Actor.Present;
            if (actor is null || NeedsSignIn(request, actor.Session))
            {
                await (Silent(request)
                    ? response.SendAsync(http.HttpContext, http.Site(), request, Interaction("login_required"))
                    : Answer.SeeOther(http.HttpContext, PageUrl("/signin", request)));
                return;
            }

            // OpenID Connect Core §3.1.2.1, §5.5.1: with id_token_hint, or a sub in claims, only this user will do; somebody else is never
            // answered for.
            if (await IsSomebodyElseAsync(http, request, actor, ct))
            {
                await response.SendAsync(http.HttpContext, http.Site(), request, Interaction("login_required"));
                return;
            }

            if (await NeedsConsentAsync(request, client, actor, ct))
            {
                await (Silent(request)
                    ? response.SendAsync(http.HttpContext, http.Site(), request, Interaction("consent_required"))
                    : Answer.SeeOther(http.HttpContext, PageUrl("/consent", request)));
                return;
            }

            if (await codes.IssueAsync(request, actor.Found, [], ct) is { } code)
            {
                await AuthorizationResponse.SendAsync(http.HttpContext, http.Site(), request, await pseudonyms.WriteAsync(client, code, ct));
                return;
            }
        }

        throw new OutageException("table Users");
    }

    /// <summary>Answers after consent was given on the page: the consent and the code are one transaction.</summary>
    public async Task GrantAsync(
        HttpRequest http, AuthorizationRequest request, OAuthClient client, Actor.Present actor, CancellationToken ct)
    {
        // The page can be opened by hand, past the sign-in that was asked for, and somebody else may have signed in since it was shown.
        if (request.ShownTo != actor.Session.Id.ToString() || NeedsSignIn(request, actor.Session)
            || await IsSomebodyElseAsync(http, request, actor, ct))
        {
            await Answer.SeeOther(http.HttpContext, PageUrl("/authorize", request));
            return;
        }

        var given = await consents.FindAsync(actor.User.Id, request.ClientId, ct);
        var scope = Scope.Of([.. given?.Scope.Values ?? [], .. request.AskedOfUser().Values]);
        var save = consents.Save(new ConsentRow(actor.User.Id, request.ClientId, scope, clock.GetUtcNow()) { ETag = given?.ETag ?? default });
        var e = events.Add(actor.User.Id, new(EventKinds.ConsentGiven)
        {
            Site = request.Site,
            SessionId = actor.Session.Id.ToString(),
            ClientId = request.ClientId,
        });
        if (await codes.IssueAsync(request, actor.Found, [save, e], ct) is { } code)
        {
            await AuthorizationResponse.SendAsync(http.HttpContext, http.Site(), request, await pseudonyms.WriteAsync(client, code, ct));
        }
        else
        {
            // User, session or consent changed while the page was open: begin this step again.
            await Answer.SeeOther(http.HttpContext, PageUrl("/authorize", request));
        }
    }

    /// <summary>Answers that consent was refused.</summary>
    public Task DenyAsync(HttpRequest http, AuthorizationRequest request) =>
        response.SendAsync(http.HttpContext, http.Site(), request, OAuthError.AccessDenied("consent refused"));

    /// <summary>
    /// True if the user must sign in first, or anew: <c>prompt=login</c>, <c>select_account</c> or an older sign-in than <c>max_age</c>
    /// allows.
    /// </summary>
    private static bool NeedsSignIn(AuthorizationRequest request, SessionRow session)
    {
        var anew = request.Prompt.Contains("login", StringComparer.Ordinal) || request.Prompt.Contains("select_account", StringComparer.Ordinal);
        return (anew && session.AuthTime < request.RequestedAt)
            || (request.MaxAge is { } maxAge && session.AuthTime < request.RequestedAt - TimeSpan.FromSeconds(maxAge));
    }

    private async Task<bool> IsSomebodyElseAsync(HttpRequest http, AuthorizationRequest request, Actor.Present actor, CancellationToken ct) =>
        request.Subjects is { } subjects
        && !subjects.Contains(await pseudonyms.SubjectAsync(http.Site(), request.ClientId, actor.User.Id, ct), StringComparer.Ordinal);

    /// <summary>
    /// First-party clients ask nobody. A third party asks for what it was not given before, for <c>offline_access</c> each time (OpenID
    /// Connect Core §11), and when it says so.
    /// </summary>
    private async Task<bool> NeedsConsentAsync(AuthorizationRequest request, OAuthClient client, Actor.Present actor, CancellationToken ct)
    {
        if (client.FirstParty)
        {
            return false;
        }

        var scope = request.AskedOfUser();
        return request.Prompt.Contains("consent", StringComparer.Ordinal)
            || scope.Contains(Scope.OfflineAccess)
            || await consents.FindAsync(actor.User.Id, client.ClientId, ct) is not { } given
            || !scope.IsWithin(given.Scope);
    }

    private string PageUrl(string page, AuthorizationRequest request)
    {
        var sealedRequest = sealedRequests.Seal(request with { ShownTo = null });
        List<KeyValuePair<string, string?>> query = page == "/signin"
            ? [
                new("return_to", QueryHelpers.AddQueryString("/authorize", SealedRequests.Parameter, sealedRequest)),
                new("login_hint", request.LoginHint),
            ]
            : [new(SealedRequests.Parameter, sealedRequest)];
        return QueryHelpers.AddQueryString(page, [.. query, new("ui_locales", request.UiLocales)]);
    }

    private static bool Silent(AuthorizationRequest request) => request.Prompt.Contains("none", StringComparer.Ordinal);

    private static OAuthError Interaction(string code) => new(code, "the user would have to be asked", code);
}
