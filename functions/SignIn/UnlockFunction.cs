using AuthFunctions.Http;
using AuthFunctions.Outbox;
using AuthFunctions.Pages;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.SignIn;

/// <summary>
/// <c>/unlock</c>: asks for a link that lets an unknown device sign in, and the page behind that link, whose button uses it. As
/// everywhere the answer is the same for every address.
/// </summary>
public sealed class UnlockFunction(MailRequests mails, DeviceUnlock unlock, PageForm form)
{
    private static readonly Problem DeadLink = new(400, "link_invalid", "This link is not valid, was used, or has expired. Ask for another.");

    [Function("Unlock")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "unlock")] HttpRequest request, CancellationToken ct)
    {
        var http = request.HttpContext;
        if (HttpMethods.IsGet(request.Method))
        {
            var token = Fields.OfQuery(request)["token"];
            await (token is null || await unlock.IsAliveAsync(request, token, ct)
                ? ShowAsync(http, token, null, null)
                : Page.ErrorAsync(http, DeadLink));
            return;
        }

        var (fields, refusal) = await form.ReadAsync(request, request.Site(), ct);
        await (fields is null ? Page.ErrorAsync(http, refusal!)
            : fields["token"] is { } link ? UseAsync(request, link, ct)
            : AskAsync(request, fields["email"], ct));
    }

    private async Task UseAsync(HttpRequest request, string link, CancellationToken ct) =>
        await (await unlock.UnlockAsync(request, link, ct)
            ? Answer.SeeOther(request.HttpContext, "/signin")
            : Page.ErrorAsync(request.HttpContext, DeadLink));

    private async Task AskAsync(HttpRequest request, string? email, CancellationToken ct)
    {
        if (await mails.PostLinkAsync(request, email, MailTemplates.Unlock, ct) is not { } problem)
        {
            await Page.ShowAsync<MailSentPage>(request.HttpContext, null, [], []);
            return;
        }

        await ShowAsync(request.HttpContext, null, email, problem);
    }

    private Task ShowAsync(HttpContext http, string? token, string? email, Problem? problem) => Page.ShowAsync<UnlockPage>(
        http,
        problem,
        new() { [nameof(UnlockPage.Token)] = token, [nameof(UnlockPage.Email)] = email, [nameof(UnlockPage.Csrf)] = form.TokenFor(http) },
        []);
}
