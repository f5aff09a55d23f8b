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
            await ShowAsync(http, null, StatusCodes.Status200OK);
            return;
        }

        var (fields, refusal) = await form.ReadAsync(request, request.Site(), ct);
        if (fields is null)
        {
            await Page.ErrorAsync(http, refusal!);
        }
        else if (await mails.PostLinkAsync(request, fields["email"], MailTemplates.Reset, ct) is { } problem)
        {
            problem.Announce(http);
            await ShowAsync(http, problem.Detail, problem.Status);
        }
        else
        {
            await Page.ShowAsync<MailSentPage>(http, StatusCodes.Status200OK, [], []);
        }
    }

    private Task ShowAsync(HttpContext http, string? error, int status) => Page.ShowAsync<ForgotPage>(
        http, status, new() { [nameof(ForgotPage.Error)] = error, [nameof(ForgotPage.Csrf)] = form.TokenFor(http) }, []);
}
