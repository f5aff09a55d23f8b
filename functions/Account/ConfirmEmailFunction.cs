using AuthFunctions.Http;
using AuthFunctions.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Account;

/// <summary>
/// <c>/account/email/confirm</c>: the page behind a link that was mailed to a new address. Opening it changes nothing; its button does. No session
/// is asked for: the letter box may be on another device.
/// </summary>
public sealed class ConfirmEmailFunction(EmailChange change, PageForm form)
{
    [Function("ConfirmEmail")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "account/email/confirm")] HttpRequest request, CancellationToken ct)
    {
        var http = request.HttpContext;
        if (HttpMethods.IsGet(request.Method))
        {
            await ShowAsync(request, Fields.OfQuery(request)["token"], ct);
            return;
        }

        var (fields, refusal) = await form.ReadAsync(request, request.Site(), ct);
        if (fields is null)
        {
            await Page.ErrorAsync(http, refusal!);
            return;
        }

        await (await change.ConfirmAsync(request, fields["token"], ct) is { } problem
            ? Page.ErrorAsync(http, problem)
            : Answer.SeeOther(http, AccountRequest.Page));
    }

    private async Task ShowAsync(HttpRequest request, string? token, CancellationToken ct)
    {
        if (await change.NewAddressAsync(request, token, ct) is not { } address)
        {
            await Page.ErrorAsync(request.HttpContext, PasswordReset.DeadLink);
            return;
        }

        await Page.ShowAsync<ConfirmEmailPage>(
            request.HttpContext,
            null,
            new()
            {
                [nameof(ConfirmEmailPage.Email)] = address,
                [nameof(ConfirmEmailPage.Token)] = token,
                [nameof(ConfirmEmailPage.Csrf)] = form.TokenFor(request.HttpContext),
            },
            []);
    }
}
