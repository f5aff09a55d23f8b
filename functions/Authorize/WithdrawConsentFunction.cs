using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Authorize;

/// <summary>
/// <c>POST /account/consents/withdraw</c>: the account page's form for what <c>DELETE /consents/{clientId}</c> does; leads back to that page.
/// </summary>
public sealed class WithdrawConsentFunction(ActorReader actors, ConsentWithdrawal withdrawal, PageForm form)
{
    [Function("WithdrawConsent")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "account/consents/withdraw")] HttpRequest request, CancellationToken ct)
    {
        var http = request.HttpContext;
        var (fields, refusal) = await form.ReadAsync(request, request.Site(), ct);
        if (fields is null)
        {
            await Page.ErrorAsync(http, refusal!);
            return;
        }

        await (await actors.ForReadAsync(request, ct) switch
        {
            Actor.Present actor when await withdrawal.WithdrawAsync(actor.User.Id, fields["client_id"] ?? "", request.Site().Name, ct) =>
                Answer.SeeOther(http, "/account"),
            Actor.Present => Page.ErrorAsync(http, new Problem(404, "consent_not_found", "There is no such consent.")),
            Actor.Absent absent => Page.ErrorAsync(http, absent.Refusal),
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }
}
