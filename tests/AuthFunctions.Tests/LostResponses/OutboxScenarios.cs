using AuthFunctions.Delivery;
using AuthFunctions.Tests.Delivery;
using AuthFunctions.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.LostResponses;

/// <summary>Announcing, claiming, striking off and giving up what is to be sent. The delivery is nobody's request: the timer repeats it.</summary>
internal static class OutboxScenarios
{
    private static readonly Dictionary<string, string?> Confirming = new() { ["Accounts:ConfirmEmail"] = "true" };

    public static IEnumerable<Scenario> All() =>
    [
        new("OutboxIndexStore.AddAsync", "Outbox", Picks.Adding("pending_"), s => Task.FromResult(Announce(s))) { Settings = Confirming },
        new("OutboxStore.ReplaceAsync", "PendingRegistrations", Picks.Replacing("outbox_"), s => SendAsync(s, times: 1)) { Settings = Confirming },

        // The mail is out by then, and a row that stays sends it once more.
        new("Deliverer.StrikeOffAsync", "PendingRegistrations", Picks.Deleting("outbox_"), s => SendAsync(s, times: 2)) { Settings = Confirming },
        new("OutboxIndexStore.DeleteAsync", "Outbox", Picks.Deleting("pending_"), s => SendAsync(s, times: 1)) { Settings = Confirming },
        new("OutboxIndexStore.FailAsync", "Outbox", Picks.Adding("failed_"), GiveUpAsync) { Settings = Confirming, Adjust = Rejecting },
        new("Deliverer.GiveUpAsync", "PendingRegistrations", Picks.Deleting("outbox_"), GiveUpAsync) { Settings = Confirming, Adjust = Rejecting },
    ];

    private static void Rejecting(IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton<IMailSender>(new SampleSender { Outcome = new DeliveryOutcome.Rejected("refused") }));

    private static Request Announce(TestService service)
    {
        var browser = service.NewBrowser();
        return new(
            () => browser.PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password }),
            202,
            async (_, _) =>
            {
                await service.DeliverAsync();
                Assert.Single(service.Mails);
                await AssertSettledAsync(service);
            });
    }

    /// <param name="service">The service.</param>
    /// <param name="times">How often the mail is sent where the commit did not land.</param>
    private static async Task<Request> SendAsync(TestService service, int times)
    {
        var message = await RegisterAsync(service);
        return new(
            () => RunAsync(service, message),
            202,
            async (_, course) =>
            {
                await service.RequeueAsync();
                await service.RequeueAsync(TimeSpan.FromMinutes(1));
                Assert.Equal(course.Landed ? 1 : times, service.Mails.Count);
                await AssertSettledAsync(service);
            })
        {
            NeverFails = true,
        };
    }

    private static async Task<Request> GiveUpAsync(TestService service)
    {
        var message = await RegisterAsync(service);
        return new(
            () => RunAsync(service, message),
            202,
            async (_, _) =>
            {
                await service.RequeueAsync();
                await AssertSettledAsync(service);
                Assert.Single(await service.Table("Outbox").RangeAsync("index", "failed_", "failed`", default).ToListAsync());
            })
        {
            NeverFails = true,
        };
    }

    private static async Task<string> RegisterAsync(TestService service)
    {
        using var waiting = await service.NewBrowser().PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password });
        Assert.Equal(202, (int)waiting.StatusCode);
        return service.Queue.TryTake()!;
    }

    private static Task<HttpResponseMessage> RunAsync(TestService service, string message) =>
        service.NewBrowser().PostAsync(Contoso + "/admin/functions/Deliver", new { input = message }, origin: null);

    /// <summary>In the end nothing waits; what points at nothing goes when it is old enough.</summary>
    private static async Task AssertSettledAsync(TestService service)
    {
        await service.RequeueAsync(Deliverer.OrphanAge);
        Assert.Empty(await service.Table("Outbox").RangeAsync("index", "pending_", "pending`", default).ToListAsync());
        Assert.Null(service.Queue.TryTake());
    }
}
