using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Storage;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.LostResponses;

/// <summary>A registration that was confirmed but could not be deleted: its link lives on, and is worth no more than a sign-in.</summary>
public class RepeatedConfirmationTests
{
    [Fact]
    public async Task The_link_signs_in_again()
    {
        await using var confirmed = await Confirmed.NewAsync();

        using var again = await confirmed.SubmitAsync();

        Assert.Equal(303, (int)again.StatusCode);
        Assert.Equal(2, (await confirmed.Service.RowsAsync(confirmed.UserId, "session_")).Count);
        Assert.Single(await confirmed.Service.EventsAsync(confirmed.UserId, "registered"));
    }

    [Fact]
    public async Task A_blocked_person_gets_no_session_by_it()
    {
        await using var confirmed = await Confirmed.NewAsync();
        await confirmed.Service.Get<UserBlocking>().BlockAsync(confirmed.UserId, "demo-operator", default);

        using var again = await confirmed.SubmitAsync();

        Assert.Equal(403, (int)again.StatusCode);
        Assert.False(again.Headers.Contains("Set-Cookie"));
        Assert.Single(await confirmed.Service.RowsAsync(confirmed.UserId, "session_"));
    }

    [Fact]
    public async Task A_password_that_is_no_longer_the_persons_opens_nothing()
    {
        await using var confirmed = await Confirmed.NewAsync();
        var users = confirmed.Service.Get<UserStore>();
        var user = await users.FindAsync(confirmed.UserId, default);
        var changed = user! with { PasswordHash = await confirmed.Service.Get<Passwords>().HashAsync("another long password", default) };
        Assert.IsType<Commit.Done>(await confirmed.Service.Table("Users").CommitAsync([users.Replace(changed)], default));

        using var again = await confirmed.SubmitAsync();

        Assert.Equal(400, (int)again.StatusCode);
        Assert.False(again.Headers.Contains("Set-Cookie"));
        Assert.Single(await confirmed.Service.RowsAsync(confirmed.UserId, "session_"));
    }

    /// <summary>A person whose registration was confirmed while its table failed.</summary>
    private sealed class Confirmed(TestService service, Browser other, string page, string userId) : IAsyncDisposable
    {
        public TestService Service => service;

        public string UserId => userId;

        public static async Task<Confirmed> NewAsync()
        {
            var service = await StartAsync(new() { ["Accounts:ConfirmEmail"] = "true" });
            using var browser = service.NewBrowser();
            using var waiting = await browser.PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password });
            Assert.Equal(202, (int)waiting.StatusCode);
            var link = await service.LinkAsync();
            var first = await PageAsync(browser, link);

            // Before the first form is sent, so that the link still shows a page.
            var other = service.NewBrowser();
            var second = await PageAsync(other, link);
            service.Faults["PendingRegistrations"].When = Picks.Deleting("registration");
            service.Faults["PendingRegistrations"].NextCommit = Fault.FailBeforeCommit;
            using var confirmed = await browser.SubmitAsync(Contoso + "/verify", first, ("password", Password));
            Assert.Equal(303, (int)confirmed.StatusCode);
            Assert.Equal(Fault.None, service.Faults["PendingRegistrations"].NextCommit);
            return new Confirmed(service, other, second, await SessionScenarios.UserIdAsync(browser));
        }

        /// <summary>Sends the form of the same link from another browser.</summary>
        public Task<HttpResponseMessage> SubmitAsync() => other.SubmitAsync(Contoso + "/verify", page, ("password", Password));

        public ValueTask DisposeAsync()
        {
            other.Dispose();
            return service.DisposeAsync();
        }

        private static async Task<string> PageAsync(Browser browser, string link)
        {
            using var page = await browser.GetAsync(link);
            Assert.Equal(200, (int)page.StatusCode);
            return await page.Content.ReadAsStringAsync();
        }
    }
}
