using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.SignIn;

/// <summary><c>/signin</c>: the sign-in page, a plain form that works without JavaScript.</summary>
public sealed class SigninFunction(PasswordSignIn signIn, PageForm form, SiteDirectory sites, TimeProvider clock)
{
    [Function("Signin")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "signin")] HttpRequest request, CancellationToken ct)
    {
        var site = request.Site();
        if (HttpMethods.IsGet(request.Method))
        {
            var query = Fields.OfQuery(request);
            await ShowAsync(request, Destination.Of(query["return_to"], site, sites), query["login_hint"] ?? "", null, StatusCodes.Status200OK);
            return;
        }

        var (fields, refusal) = await form.ReadAsync(request, site, ct);
        if (fields is null)
        {
            await Page.ErrorAsync(request.HttpContext, refusal!);
            return;
        }

        var (email, destination) = (fields["email"] ?? "", Destination.Of(fields["return_to"], site, sites));
        switch (await signIn.SignInAsync(request, email, fields["password"] ?? "", Transport.Cookie, ct))
        {
            case Opening.Opened(_, var session, var tokens):
                SessionCookie.WriteNew(request.HttpContext, site, session, tokens.AccessToken, clock);
                await Answer.SeeOther(request.HttpContext, destination.Url);
                break;

            case Opening.Refused(var problem):
                problem.Announce(request.HttpContext);
                await ShowAsync(request, destination, email, problem.Detail, problem.Status);
                break;
        }
    }

    private Task ShowAsync(HttpRequest request, Destination destination, string email, string? error, int status) => Page.ShowAsync<SigninPage>(
        request.HttpContext,
        status,
        new()
        {
            [nameof(SigninPage.Site)] = request.Site().DisplayName,
            [nameof(SigninPage.ReturnTo)] = destination.Url,
            [nameof(SigninPage.Email)] = email,
            [nameof(SigninPage.Error)] = error,
            [nameof(SigninPage.Locked)] = status == StatusCodes.Status429TooManyRequests,
            [nameof(SigninPage.Csrf)] = form.TokenFor(request.HttpContext),
        },
        destination.FormTargets);
}
