using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.SignIn;

/// <summary><c>/verify</c>: the page behind a confirmation link. Opening it changes nothing, so that mail scanners may; its form confirms.</summary>
public sealed class VerifyFunction(Registrar registrar, PageForm form, TimeProvider clock)
{
    [Function("Verify")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "verify")] HttpRequest request, CancellationToken ct)
    {
        if (HttpMethods.IsGet(request.Method))
        {
            await ShowAsync(request, Fields.OfQuery(request)["token"], null, ct);
            return;
        }

        var site = request.Site();
        var (fields, refusal) = await form.ReadAsync(request, site, ct);
        if (fields is null)
        {
            await Page.ErrorAsync(request.HttpContext, refusal!);
            return;
        }

        var token = fields["token"];
        switch (LinkHandle.Read(token) is { } link ? await registrar.ConfirmAsync(request, link, fields["password"] ?? "", ct) : null)
        {
            case Registration.Made({ } opened):
                SessionCookie.WriteNew(request.HttpContext, site, opened.Session, opened.Tokens.AccessToken, clock);
                await Answer.SeeOther(request.HttpContext, site.Home);
                break;

            case Registration.Refused({ Status: StatusCodes.Status401Unauthorized } wrong):
                await ShowAsync(request, token, wrong, ct);
                break;

            case Registration.Refused(var problem):
                await Page.ErrorAsync(request.HttpContext, problem);
                break;

            default:
                await Page.ErrorAsync(request.HttpContext, DeadLink);
                break;
        }
    }

    private static Problem DeadLink => new(400, "link_invalid", "This link is not valid, was used, or has expired. Register again.")
    {
        Text = new("registration_link"),
    };

    private async Task ShowAsync(HttpRequest request, string? token, Problem? problem, CancellationToken ct)
    {
        if (LinkHandle.Read(token) is not { } link || await registrar.FindAsync(request, link, ct) is not { } registration)
        {
            await Page.ErrorAsync(request.HttpContext, DeadLink);
            return;
        }

        await Page.ShowAsync<VerifyPage>(
            request.HttpContext,
            problem,
            new()
            {
                [nameof(VerifyPage.Email)] = registration.Email,
                [nameof(VerifyPage.Token)] = token,
                [nameof(VerifyPage.Csrf)] = form.TokenFor(request.HttpContext),
            },
            [FormTarget.Of(request.Site().Home)]);
    }
}
