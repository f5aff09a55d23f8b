using AuthFunctions.Clients;
using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthFunctions.SignOut;

/// <summary>
/// <c>/end_session</c>: sign-out that a client asks for (OpenID Connect RP-Initiated Logout 1.0). With a genuine <c>id_token_hint</c> for the browser's own
/// user it happens at once; else the person is asked, because any page can send a browser here.
/// </summary>
public sealed class EndSessionFunction(
    ClientDirectory clients, JwtVerifier verifier, ActorReader actors, SessionEnder ender, PageForm form)
{
    [Function("EndSession")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "end_session")] HttpRequest request, CancellationToken ct)
    {
        var site = request.Site();
        var isPost = HttpMethods.IsPost(request.Method);
        var fields = isPost ? await Fields.ReadAsync(request, ct) : Fields.OfQuery(request);
        var hint = await HintAsync(fields["id_token_hint"], request, ct);
        var client = clients.Find(site, fields["client_id"] ?? hint?.Audiences.FirstOrDefault());
        var fault = fields.Fault is not null ? Problem.InvalidRequest("A parameter is repeated or the body is no form.")
            : fields["id_token_hint"] is not null && hint is null ? Problem.InvalidRequest("id_token_hint is not an ID token of this issuer.", "id_token_hint")
            : fields["client_id"] is { } id && hint is not null && !hint.Audiences.Contains(id) ? Problem.InvalidRequest("id_token_hint is another client's.", "client_id")
            : fields["post_logout_redirect_uri"] is { } uri && client?.PostLogoutRedirectUris.Contains(uri, StringComparer.Ordinal) != true
                ? Problem.InvalidRequest("post_logout_redirect_uri is not one of the client's.", "post_logout_redirect_uri")
            : null;
        if (fault is not null)
        {
            await Page.ErrorAsync(request.HttpContext, fault);
            return;
        }

        var confirmed = isPost && fields[PageForm.TokenField] is not null && (await form.ReadAsync(request, site, ct)).Fields is not null;
        if (await actors.ForReadAsync(request, ct) is Actor.Present actor)
        {
            if (!confirmed && hint?.Subject != actor.User.Id)
            {
                await AskAsync(request.HttpContext, fields, actor);
                return;
            }

            await ender.EndTreeAsync(actor.User.Id, actor.Session.Id, EndReasons.SignedOut, ct);
        }

        SessionCookie.Clear(request.HttpContext, site);
        await LeaveAsync(request.HttpContext, fields);
    }

    /// <summary>An ID token of this issuer, expired or not (RP-Initiated Logout §2).</summary>
    private async Task<JsonWebToken?> HintAsync(string? hint, HttpRequest request, CancellationToken ct) =>
        hint is null ? null : (await verifier.VerifyAsync(hint, JwtTypes.IdToken, request.Site(), ct)).Token;

    private static Task LeaveAsync(HttpContext http, Fields fields)
    {
        if (fields["post_logout_redirect_uri"] is not { } uri)
        {
            return Page.ShowAsync<SignedOutPage>(http, StatusCodes.Status200OK, [], []);
        }

        return Answer.SeeOther(http, fields["state"] is { } state ? QueryHelpers.AddQueryString(uri, "state", state) : uri);
    }

    private Task AskAsync(HttpContext http, Fields fields, Actor.Present actor) => Page.ShowAsync<EndSessionPage>(
        http,
        StatusCodes.Status200OK,
        new()
        {
            [nameof(EndSessionPage.Person)] = actor.User.DisplayName,
            [nameof(EndSessionPage.ClientId)] = fields["client_id"],
            [nameof(EndSessionPage.RedirectUri)] = fields["post_logout_redirect_uri"],
            [nameof(EndSessionPage.State)] = fields["state"],
            [nameof(EndSessionPage.Csrf)] = form.TokenFor(http),
        },
        fields["post_logout_redirect_uri"] is { } uri ? [new Uri(uri).GetLeftPart(UriPartial.Authority)] : []);
}
