using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.SignIn;

/// <summary><c>/signin</c>: the sign-in page, a plain form that works without JavaScript.</summary>
public sealed class SigninFunction(PasswordSignIn signIn, PageForm form, Destinations destinations, TimeProvider clock)
{
    [Function("Signin")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "signin")] HttpRequest request, CancellationToken ct)
    {
        var site = request.Site();
        if (HttpMethods.IsGet(request.Method))
        {
            var query = Fields.OfQuery(request);
            await ShowAsync(request, destinations.Of(query["return_to"], site), query["login_hint"] ?? "", null);
            return;
        }

        var (fields, refusal) = await form.ReadAsync(request, site, ct);
        if (fields is null)
        {
            await Page.ErrorAsync(request.HttpContext, refusal!);
            return;
        }

        var (email, destination) = (fields["email"] ?? "", destinations.Of(fields["return_to"], site));
        switch (await signIn.SignInAsync(request, email, fields["password"] ?? "", Transport.Cookie, ct))
        {
            case Opening.Opened(_, var session, var tokens):
                SessionCookie.WriteNew(request.HttpContext, site, session, tokens.AccessToken, clock);
                await Answer.SeeOther(request.HttpContext, destination.Url);
                break;

            case Opening.Refused(var problem):
                await ShowAsync(request, destination, email, problem);
                break;
        }
    }

    private Task ShowAsync(HttpRequest request, Destination destination, string email, Problem? problem) => Page.ShowAsync<SigninPage>(
        request.HttpContext,
        problem,
        new()
        {
            [nameof(SigninPage.ReturnTo)] = destination.Url,
            [nameof(SigninPage.Email)] = email,
            [nameof(SigninPage.Csrf)] = form.TokenFor(request.HttpContext),
        },
        destination.FormTargets);
}
