using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Sessions;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Account;

/// <summary>
/// <c>/reset</c>: the page behind a mailed link. Opening it changes nothing, so that mail scanners may; its form sets the password.
/// </summary>
public sealed class ResetFunction(PasswordReset reset, PasswordPolicy policy, PageForm form)
{
    [Function("Reset")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "reset")] HttpRequest request, CancellationToken ct)
    {
        var http = request.HttpContext;
        if (HttpMethods.IsGet(request.Method))
        {
            await ShowAsync(request, Fields.OfQuery(request)["token"], null, ct);
            return;
        }

        var (fields, refusal) = await form.ReadAsync(request, request.Site(), ct);
        if (fields is null)
        {
            await Page.ErrorAsync(http, refusal!);
            return;
        }

        switch (await reset.ResetAsync(request, fields["token"], fields["new_password"] ?? "", ct))
        {
            // The password, not the link, signs in. What this browser held of a session has ended with all others.
            case null:
                SessionCookie.Clear(http, request.Site());
                await Answer.SeeOther(http, "/signin");
                break;

            case { Code: "password_refused" } refused:
                await ShowAsync(request, fields["token"], refused, ct);
                break;

            case var problem:
                await Page.ErrorAsync(http, problem);
                break;
        }
    }

    private async Task ShowAsync(HttpRequest request, string? token, Problem? problem, CancellationToken ct)
    {
        if (!await reset.IsAliveAsync(request, token, ct))
        {
            await Page.ErrorAsync(request.HttpContext, PasswordReset.DeadLink);
            return;
        }

        await Page.ShowAsync<ResetPage>(
            request.HttpContext,
            problem,
            new()
            {
                [nameof(ResetPage.Token)] = token,
                [nameof(ResetPage.MinLength)] = policy.MinLength,
                [nameof(ResetPage.Csrf)] = form.TokenFor(request.HttpContext),
            },
            []);
    }
}
