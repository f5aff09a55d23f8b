using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Account;

/// <summary><c>GET /account</c>: the page on which people see to their account.</summary>
public sealed class AccountFunction(ActorReader actors, PageForm form)
{
    [Function("Account")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "account")] HttpRequest request, CancellationToken ct)
    {
        if (await actors.ForReadAsync(request, ct) is not Actor.Present actor)
        {
            await Answer.SeeOther(request.HttpContext, "/signin");
            return;
        }

        await Page.ShowAsync<AccountPage>(
            request.HttpContext,
            StatusCodes.Status200OK,
            new()
            {
                [nameof(AccountPage.Site)] = request.Site().DisplayName,
                [nameof(AccountPage.Person)] = actor.User.DisplayName,
                [nameof(AccountPage.Email)] = actor.User.Email,
                [nameof(AccountPage.Csrf)] = form.TokenFor(request.HttpContext),
            },
            []);
    }
}
