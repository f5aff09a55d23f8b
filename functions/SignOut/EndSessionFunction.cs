using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using AuthFunctions.Clients;
using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthFunctions.SignOut;

/// <summary>
/// <c>/end_session</c>: sign-out that a client asks for (OpenID Connect RP-Initiated Logout 1.0). With a genuine <c>id_token_hint</c> for the
/// browser's own
/// user it happens at once; else the person is asked, because any page can send a browser here. A client's POST becomes a GET with the
/// request sealed,
/// because a cross-site POST arrives without the session's Lax cookie.
/// </summary>
public sealed class EndSessionFunction(
    ClientDirectory clients, JwtVerifier verifier, Pseudonyms pseudonyms, ActorReader actors, SessionEnder ender, PageForm form,
    IDataProtectionProvider protection, TimeProvider clock)
{
    private const string SealedParameter = "sealed";

    /// <summary>How long a sealed request may take from the POST to the GET that follows it.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly IDataProtector protector = protection.CreateProtector("end session request");

    [Function("EndSession")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "end_session")] HttpRequest request, CancellationToken ct)
    {
        var site = request.Site();
        var isPost = HttpMethods.IsPost(request.Method);
        var fields = isPost ? await Fields.ReadAsync(request, ct) : Fields.OfQuery(request);
        var confirmed = isPost && fields[PageForm.TokenField] is not null && (await form.ReadAsync(request, site, ct)).Fields is not null;
        var (asked, fault) = !isPost && fields[SealedParameter] is { } text ? Unseal(text, site) : await ReadAsync(fields, site, ct);
        if (asked is null)
        {
            await Page.ErrorAsync(request.HttpContext, fault!);
            return;
        }

        if (isPost && !confirmed)
        {
            await Answer.SeeOther(request.HttpContext, QueryHelpers.AddQueryString("/end_session", SealedParameter, Seal(asked)));
            return;
        }

        if (await actors.ForReadAsync(request, ct) is Actor.Present actor)
        {
            if (!confirmed && asked.Subject != actor.User.Id)
            {
                await AskAsync(request.HttpContext, asked, actor);
                return;
            }

            await ender.EndTreeAsync(actor.User.Id, actor.Session.Id, EndReasons.SignedOut, ct);
        }

        // Only what came is removed: where the browser withheld its cookies, nobody was asked and no session ended.
        if (SessionCookie.IsPresent(request, site))
        {
            SessionCookie.Clear(request.HttpContext, site);
        }

        await LeaveAsync(request.HttpContext, asked);
    }

    private async Task<(EndSessionRequest? Asked, Problem? Fault)> ReadAsync(Fields fields, Site site, CancellationToken ct)
    {
        var hint = await HintAsync(fields["id_token_hint"], site, ct);
        var subject = hint is null ? null : await pseudonyms.UserOfAsync(site, hint, ct) ?? hint.Subject;
        var client = clients.Find(site, fields["client_id"] ?? hint?.Audiences.FirstOrDefault());
        var fault = fields.Fault is not null ? Problem.InvalidRequest("A parameter is repeated or the body is no form.")
            : fields["id_token_hint"] is not null && hint is null
                ? Problem.InvalidRequest("id_token_hint is not an ID token of this issuer.", "id_token_hint")
            : fields["client_id"] is { } id && hint is not null && !hint.Audiences.Contains(id)
                ? Problem.InvalidRequest("id_token_hint is another client's.", "client_id")
            : fields["post_logout_redirect_uri"] is { } uri && client?.PostLogoutRedirectUris.Contains(uri, StringComparer.Ordinal) != true
                ? Problem.InvalidRequest("post_logout_redirect_uri is not one of the client's.", "post_logout_redirect_uri")
            : null;
        return fault is not null
            ? (null, fault)
            : (new(site.Name, subject, client?.ClientId, fields["post_logout_redirect_uri"], fields["state"], clock.GetUtcNow()), null);
    }

    /// <summary>An ID token of this issuer, expired or not (RP-Initiated Logout §2).</summary>
    private async Task<JsonWebToken?> HintAsync(string? hint, Site site, CancellationToken ct) =>
        hint is null ? null : (await verifier.VerifyAsync(hint, JwtTypes.IdToken, site, ct)).Token;

    private string Seal(EndSessionRequest asked) => protector.Protect(JsonSerializer.Serialize(asked, EndSessionJson.Default.EndSessionRequest));

    private (EndSessionRequest? Asked, Problem? Fault) Unseal(string text, Site site)
    {
        var tooOld = Problem.InvalidRequest("This took too long. Sign out from the app again.") with { Text = new("too_long") };
        try
        {
            return JsonSerializer.Deserialize(protector.Unprotect(text), EndSessionJson.Default.EndSessionRequest) is { } asked
                && asked.Site == site.Name && asked.RequestedAt + Lifetime > clock.GetUtcNow()
                ? (asked, null)
                : (null, tooOld);
        }
        catch (CryptographicException exception) when (OutageException.Behind(exception) is null)
        {
            // Not sealed here.
            return (null, tooOld);
        }
    }

    private static Task LeaveAsync(HttpContext http, EndSessionRequest asked)
    {
        if (asked.RedirectUri is not { } uri)
        {
            return Page.ShowAsync<SignedOutPage>(http, null, [], []);
        }

        return Answer.SeeOther(http, asked.State is { } state ? QueryHelpers.AddQueryString(uri, "state", state) : uri);
    }

    private Task AskAsync(HttpContext http, EndSessionRequest asked, Actor.Present actor) => Page.ShowAsync<EndSessionPage>(
        http,
        null,
        new()
        {
            [nameof(EndSessionPage.Person)] = actor.User.DisplayName,
            [nameof(EndSessionPage.ClientId)] = asked.ClientId,
            [nameof(EndSessionPage.RedirectUri)] = asked.RedirectUri,
            [nameof(EndSessionPage.State)] = asked.State,
            [nameof(EndSessionPage.Csrf)] = form.TokenFor(http),
        },
        asked.RedirectUri is { } uri ? [FormTarget.Of(uri)] : []);
}

/// <summary>A sign-out that a client asked for, checked.</summary>
/// <param name="Site">The site that was asked.</param>
/// <param name="Subject">Whose genuine ID token came with it, or null.</param>
/// <param name="ClientId">The client, or null if none is named.</param>
/// <param name="RedirectUri">Where the browser goes after; one of the client's, or null.</param>
/// <param name="State">Given back as it came.</param>
/// <param name="RequestedAt">When it was asked.</param>
public sealed record EndSessionRequest(
    string Site, string? Subject, string? ClientId, string? RedirectUri, string? State, DateTimeOffset RequestedAt);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EndSessionRequest))]
internal sealed partial class EndSessionJson : JsonSerializerContext;
