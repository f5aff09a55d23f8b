using AuthFunctions.Http;
using AuthFunctions.Outbox;
using AuthFunctions.Pages;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Account;

/// <summary><c>/forgot</c>: asks for a link to choose a new password by. The answer is the same for every address, and takes as long.</summary>
public sealed class ForgotFunction(MailRequests mails, PageForm form)
{
    [Function("Forgot")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "forgot")] HttpRequest request, CancellationToken ct)
    {
        var http = request.HttpContext;
        if (HttpMethods.IsGet(request.Method))
        {
            await ShowAsync(http, null, null);
            return;
        }

        var (fields, refusal) = await form.ReadAsync(request, request.Site(), ct);
        if (fields is null)
        {
            await Page.ErrorAsync(http, refusal!);
        }
        else if (await mails.PostLinkAsync(request, fields["email"], MailTemplates.Reset, ct) is { } problem)
        {
            await ShowAsync(http, fields["email"], problem);
        }
        else
        {
            await Page.ShowAsync<MailSentPage>(http, null, [], []);
        }
    }

    private Task ShowAsync(HttpContext http, string? email, Problem? problem) => Page.ShowAsync<ForgotPage>(
        http, problem, new() { [nameof(ForgotPage.Email)] = email, [nameof(ForgotPage.Csrf)] = form.TokenFor(http) }, []);
}
