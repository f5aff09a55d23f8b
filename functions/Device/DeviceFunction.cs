using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Device;

/// <summary>
/// <c>/device</c>: where a person types the code that a device shows (RFC 8628 §3.3), sees who asks for what, and answers. Also with the code
/// in the address (§3.3.1), but never without the click: the code alone may be somebody else's (§5.4).
/// </summary>
public sealed class DeviceFunction(DeviceDesk desk, ActorReader actors, PageForm form)
{
    [Function("Device")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "device")] HttpRequest request, CancellationToken ct)
    {
        var http = request.HttpContext;
        var fields = Fields.OfQuery(request);
        if (HttpMethods.IsPost(request.Method))
        {
            var (posted, refusal) = await form.ReadAsync(request, request.Site(), ct);
            if (posted is null)
            {
                await Page.ErrorAsync(http, refusal!);
                return;
            }

            fields = posted;
        }

        var typed = fields["user_code"];
        if (await actors.ForReadAsync(request, ct) is not Actor.Present actor)
        {
            await Answer.SeeOther(http, QueryHelpers.AddQueryString("/signin", "return_to", PageUrl(typed)));
        }
        else if (typed is null)
        {
            await AskCodeAsync(http, null, null);
        }
        else
        {
            switch (await desk.FindAsync(request, actor, typed, ct))
            {
                case DeviceLookup.Refused(var problem):
                    await AskCodeAsync(http, typed, problem);
                    break;

                // Somebody else may have signed in since the page was shown; they have answered nothing.
                case DeviceLookup.Found found when HttpMethods.IsPost(request.Method) && fields["shown_to"] == actor.Session.Id.ToString():
                    await DecideAsync(request, found, actor, fields["choice"] == "allow", ct);
                    break;

                case DeviceLookup.Found found:
                    await AskConsentAsync(request, found, actor);
                    break;
            }
        }
    }

    private async Task DecideAsync(HttpRequest request, DeviceLookup.Found found, Actor.Present actor, bool allowed, CancellationToken ct)
    {
        var decided = await (allowed
            ? desk.AllowAsync(found, actor, request.Site(), ct)
            : desk.DenyAsync(found, actor, request.Site(), ct));
        await (decided
            ? Page.ShowAsync<DeviceDonePage>(
                request.HttpContext, null, new() { [nameof(DeviceDonePage.Allowed)] = allowed }, [])
            : Answer.SeeOther(request.HttpContext, PageUrl(found.Code.UserCode.ToString())));
    }

    private static Task AskCodeAsync(HttpContext http, string? typed, Problem? problem) =>
        Page.ShowAsync<DeviceCodePage>(http, problem, new() { [nameof(DeviceCodePage.UserCode)] = typed }, []);

    private Task AskConsentAsync(HttpRequest request, DeviceLookup.Found found, Actor.Present actor) => Page.ShowAsync<DevicePage>(
        request.HttpContext,
        null,
        new()
        {
            [nameof(DevicePage.Client)] = found.Client.ClientId,
            [nameof(DevicePage.Person)] = actor.User.DisplayName,
            [nameof(DevicePage.UserCode)] = found.Code.UserCode.ToString(),
            [nameof(DevicePage.Scopes)] = found.Code.Scope.Values,
            [nameof(DevicePage.ShownTo)] = actor.Session.Id.ToString(),
            [nameof(DevicePage.Csrf)] = form.TokenFor(request.HttpContext),
        },
        []);

    private static string PageUrl(string? userCode) =>
        userCode is null ? "/device" : QueryHelpers.AddQueryString("/device", "user_code", userCode);
}
