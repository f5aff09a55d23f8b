using AuthFunctions.Http;
using AuthFunctions.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Delivery;

/// <summary><c>GET /dev/outbox</c>: the mails of a local service, newest first. Outside Development there is no such page.</summary>
public sealed class DevOutboxFunction(IMailSender sender)
{
    [Function("DevOutbox")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "dev/outbox")] HttpRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (sender is not DevelopmentMailbox mailbox)
        {
            await new Problem(404, "not_found", "There is nothing here.").ExecuteAsync(request.HttpContext);
            return;
        }

        await Page.ShowAsync<DevOutboxPage>(
            request.HttpContext,
            null,
            new()
            {
                [nameof(DevOutboxPage.Mails)] = mailbox.Mails.Reverse().Select(m => new DevOutboxPage.Mail(m.To, m.Subject, m.Text)).ToList(),
            },
            []);
    }
}
