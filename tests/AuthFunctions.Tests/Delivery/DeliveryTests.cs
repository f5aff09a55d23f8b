using AuthFunctions.Delivery;
using AuthFunctions.Outbox;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Delivery;

/// <summary>What is committed with its change is sent, whatever crashes; what is not, is not.</summary>
public class DeliveryTests
{
    [Fact]
    public async Task A_mail_is_sent_once_and_nothing_of_it_is_left()
    {
        await using var service = await StartAsync();
        var email = NewEmail();

        await RegisterAsync(service, email);
        await service.DeliverAsync();

        Assert.Equal(email, Assert.Single(service.Mails).To);
        Assert.Empty(await IndexAsync(service));
        await service.RequeueAsync();
        Assert.Single(service.Mails);
    }

    [Fact]
    public async Task A_registration_neither_waits_for_nor_fails_with_whoever_sends()
    {
        var sender = new SampleSender { Outcome = new DeliveryOutcome.Failed("down") };
        await using var service = await StartAsync(sender);

        await RegisterAsync(service, NewEmail());

        Assert.Equal(0, sender.Attempts);
    }

    [Fact]
    public async Task A_crash_between_commit_and_wake_loses_no_mail()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        await RegisterAsync(service, email);
        Assert.NotNull(service.Queue.TryTake());

        await service.RequeueAsync();

        Assert.Equal(email, Assert.Single(service.Mails).To);
    }

    [Fact]
    public async Task A_queue_that_is_down_is_noticed_by_nobody_but_the_log()
    {
        await using var service = await TestService.StartAsync(
            Confirming, services => services.Replace(ServiceDescriptor.Singleton<IQueue>(new BrokenOutbox())));

        await RegisterAsync(service, NewEmail());

        Assert.Contains(service.Log.Lines, l => l.Contains("could not be woken", StringComparison.Ordinal));
        Assert.Single(await IndexAsync(service));
    }

    [Fact]
    public async Task A_crash_between_announcement_and_commit_sends_nothing_and_is_soon_forgotten()
    {
        await using var service = await StartAsync();
        _ = service.Table("PendingRegistrations");
        service.Faults["PendingRegistrations"].NextCommit = Fault.FailBeforeCommit;
        using var browser = service.NewBrowser();
        using var failed = await browser.PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password });
        await failed.RefusedAsync(503, "unavailable");
        Assert.Single(await IndexAsync(service));

        // Not before every request that might still commit it has come to an end.
        await service.RequeueAsync();
        Assert.Single(await IndexAsync(service));
        await service.RequeueAsync(Deliverer.OrphanAge);

        Assert.Empty(await IndexAsync(service));
        Assert.Empty(service.Mails);
    }

    [Fact]
    public async Task What_fails_is_tried_again_after_a_wait_that_doubles()
    {
        var sender = new SampleSender { Outcome = new DeliveryOutcome.Failed("SMTP GeneralFailure") };
        await using var service = await StartAsync(sender);
        await RegisterAsync(service, NewEmail());
        await service.DeliverAsync();
        Assert.Equal(1, sender.Attempts);

        foreach (var minutes in new[] { 1, 2, 4, 8 })
        {
            var before = sender.Attempts;
            await service.RequeueAsync(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.Equal(before, sender.Attempts);
            await service.RequeueAsync(TimeSpan.FromSeconds(1));
            Assert.Equal(before + 1, sender.Attempts);
        }

        sender.Outcome = new DeliveryOutcome.Done();
        await service.RequeueAsync(TimeSpan.FromMinutes(16));
        await service.RequeueAsync(TimeSpan.FromHours(1));
        Assert.Equal(6, sender.Attempts);
    }

    [Fact]
    public async Task What_the_server_will_never_take_is_given_up_at_once_and_operators_see_it()
    {
        var sender = new SampleSender { Outcome = new DeliveryOutcome.Rejected("the server refused the recipient (550)") };
        await using var service = await StartAsync(sender);
        await RegisterAsync(service, NewEmail());

        await service.DeliverAsync();
        await service.RequeueAsync(TimeSpan.FromHours(1));

        Assert.Equal(1, sender.Attempts);
        await AssertGivenUpAsync(service, 1, "the server refused the recipient (550)");
    }

    [Fact]
    public async Task A_notice_that_is_given_up_is_in_its_user_s_audit_trail()
    {
        var sender = new SampleSender { Outcome = new DeliveryOutcome.Rejected("the server refused the recipient (550)") };
        await using var service = await TestService.StartAsync(null, services => services.Replace(ServiceDescriptor.Singleton<IMailSender>(sender)));
        using var browser = await service.SignedInAsync();
        using var changed = await browser.PostAsync(
            Contoso + "/account/password", new { password = Password, new_password = "another long enough password" });
        Assert.Equal(204, (int)changed.StatusCode);

        await service.DeliverAsync();

        var userId = await LostResponses.SessionScenarios.UserIdAsync(browser);
        var failed = Assert.Single(await service.EventsAsync(userId, "delivery_failed"));
        Assert.Equal("mail: the server refused the recipient (550)", failed.Columns["Reason"]);
        Assert.Empty(await service.RowsAsync(userId, "outbox_"));
    }

    [Fact]
    public async Task What_fails_until_its_link_is_dead_is_given_up()
    {
        var sender = new SampleSender { Outcome = new DeliveryOutcome.Failed("SMTP GeneralFailure") };
        await using var service = await StartAsync(sender);
        await RegisterAsync(service, NewEmail());
        await service.DeliverAsync();

        await service.RequeueAsync(TimeSpan.FromHours(24));

        Assert.Equal(1, sender.Attempts);
        await AssertGivenUpAsync(service, 1, "too late");
    }

    [Fact]
    public async Task What_fails_sixteen_times_is_given_up()
    {
        var sender = new SampleSender { Outcome = new DeliveryOutcome.Failed("SMTP GeneralFailure") };
        await using var service = await StartAsync(sender);
        await RegisterAsync(service, NewEmail());
        await service.DeliverAsync();
        for (var attempts = 1; attempts < Deliverer.MaxAttempts; attempts++)
        {
            Assert.Equal(attempts, sender.Attempts);
            await service.RequeueAsync(Deliverer.WaitAfter(attempts));
        }

        Assert.Equal(Deliverer.MaxAttempts, sender.Attempts);
        await AssertGivenUpAsync(service, Deliverer.MaxAttempts, "SMTP GeneralFailure");
    }

    [Fact]
    public async Task A_sender_that_dies_is_made_up_for_and_one_that_sent_before_it_died_sends_again()
    {
        var sender = new SampleSender { Outcome = new DeliveryOutcome.Done(), Throws = new InvalidOperationException("died") };
        await using var service = await StartAsync(sender);
        await RegisterAsync(service, NewEmail());
        await Assert.ThrowsAsync<InvalidOperationException>(service.DeliverAsync);
        sender.Throws = null;

        await service.RequeueAsync();

        // At least once: the first may have reached the server. Both bear the same Message-ID.
        Assert.Equal(2, sender.Attempts);
        Assert.Single(sender.Ids.Distinct(StringComparer.Ordinal));
        Assert.Empty(await IndexAsync(service));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Users")]
    [InlineData("Users/a")]
    [InlineData("Nowhere/a/b")]
    [InlineData("Users/a/b/c")]
    [InlineData("Users/a/b")]
    public async Task A_message_that_names_nothing_does_nothing(string message)
    {
        await using var service = await StartAsync();
        await service.Queue.SendAsync(message, default);

        await service.DeliverAsync();

        Assert.Empty(service.Mails);
    }

    [Fact]
    public async Task Neither_address_nor_link_can_be_read_in_the_tables()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        await RegisterAsync(service, email);
        var address = OutboxAddress.Read(service.Queue.TryTake())!;

        var row = await service.Table(address.Table).FindAsync(address.Partition, "outbox_" + address.Id, default);

        var stored = System.Text.Encoding.Latin1.GetString((byte[])row!.Columns["Payload"]);
        Assert.DoesNotContain(email, stored, StringComparison.Ordinal);
        Assert.DoesNotContain("link_", stored, StringComparison.Ordinal);
        Assert.Contains("link_", service.Get<OutboxStore>().Unseal((await service.Get<OutboxStore>().FindAsync(address, default))!), StringComparison.Ordinal);
    }

    private static readonly Dictionary<string, string?> Confirming = new() { ["Accounts:ConfirmEmail"] = "true" };

    private static Task<TestService> StartAsync(IMailSender? sender = null) => TestService.StartAsync(Confirming, services =>
    {
        if (sender is not null)
        {
            services.Replace(ServiceDescriptor.Singleton(sender));
        }
    });

    private static async Task RegisterAsync(TestService service, string email)
    {
        using var browser = service.NewBrowser();
        using var waiting = await browser.PostAsync(Contoso + "/register", new { email, password = Password });
        Assert.Equal(202, (int)waiting.StatusCode);
    }

    private static ValueTask<List<Row>> IndexAsync(TestService service) =>
        service.Table("Outbox").RangeAsync("index", "pending_", "pending`", default).ToListAsync();

    private static async Task AssertGivenUpAsync(TestService service, int attempts, string reason)
    {
        Assert.Contains(service.Log.Lines, l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains($"after {attempts} attempts: {reason}", StringComparison.Ordinal));
        Assert.Empty(await IndexAsync(service));
        using var operators = service.NewBrowser();
        using var stranger = await operators.GetAsync(Contoso + "/manage/outbox");
        await stranger.RefusedAsync(401, "invalid_token");
        using var token = await operators.FormAsync(Contoso + "/token", ("demo-operator", "demo-operator-secret"), ("grant_type", "client_credentials"));
        operators.Headers["Authorization"] = "Bearer " + await token.TextAsync("access_token");
        using var answer = await operators.GetAsync(Contoso + "/manage/outbox");
        var body = await answer.JsonAsync();
        Assert.Empty(body.GetProperty("waiting").EnumerateArray());
        var failed = Assert.Single(body.GetProperty("failed").EnumerateArray());
        Assert.Equal(("mail", attempts, reason), (failed.GetProperty("kind").GetString(), failed.GetProperty("attempts").GetInt32(), failed.GetProperty("reason").GetString()));
        Assert.DoesNotContain("people.test", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
