using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Sessions;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.SignIn;

/// <summary><c>/signup</c>: the page that makes an account, a plain form; what <c>/register</c> is for apps.</summary>
public sealed class SignupFunction(Registrar registrar, PageForm form, PasswordPolicy policy, Destinations destinations, TimeProvider clock)
{
    [Function("Signup")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "signup")] HttpRequest request, CancellationToken ct)
    {
        var (http, site) = (request.HttpContext, request.Site());
        if (HttpMethods.IsGet(request.Method))
        {
            await ShowAsync(request, destinations.Of(Fields.OfQuery(request)["return_to"], site), null, null, null);
            return;
        }

        var (fields, refusal) = await form.ReadAsync(request, site, ct);
        if (fields is null)
        {
            await Page.ErrorAsync(http, refusal!);
            return;
        }

        var (email, name, destination) = (fields["email"], fields["name"], destinations.Of(fields["return_to"], site));
        switch (await registrar.RegisterAsync(request, email ?? "", fields["password"] ?? "", name, Transport.Cookie, ct))
        {
            // The same for every address: whether it has an account is said to its owner alone.
            case Registration.Waiting:
                await Page.ShowAsync<MailSentPage>(http, null, new() { [nameof(MailSentPage.Confirms)] = true }, []);
                break;

            case Registration.Made({ } opened):
                SessionCookie.WriteNew(http, site, opened.Session, opened.Tokens.AccessToken, clock);
                await Answer.SeeOther(http, destination.Url);
                break;

            case Registration.Refused(var problem):
                await ShowAsync(request, destination, email, name, problem);
                break;
        }
    }

    private Task ShowAsync(HttpRequest request, Destination destination, string? email, string? name, Problem? problem) => Page.ShowAsync<SignupPage>(
        request.HttpContext,
        problem,
        new()
        {
            [nameof(SignupPage.ReturnTo)] = destination.Url,
            [nameof(SignupPage.Email)] = email,
            [nameof(SignupPage.Name)] = name,
            [nameof(SignupPage.MinLength)] = policy.MinLength,
            [nameof(SignupPage.Csrf)] = form.TokenFor(request.HttpContext),
        },
        destination.FormTargets);
}
