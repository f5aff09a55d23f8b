using AuthFunctions.SignIn;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Storage;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.LostResponses;

/// <summary>Signing in, registering and confirming.</summary>
internal static class AccountScenarios
{
    private static readonly Dictionary<string, string?> Confirming = new() { ["Accounts:ConfirmEmail"] = "true" };

    public static IEnumerable<Scenario> All() =>
    [
        new("SessionOpener.OpenAsync", "Users", Picks.Adding("session_"), SignInAsync),
        new("SessionStarter.CommitAsync", "Users", Picks.Adding("session_"), s => RegisterAsync(s, orphaned: false, withUser: true)),
        new("UserDirectory.TryClaimAsync", "Users", changes => changes is [Change.Add { Key: "user" }], s => RegisterAsync(s, orphaned: true)),
        new("UserEmailStore.AddAsync", "UserEmails", Picks.Adding("owner"), s => RegisterAsync(s, orphaned: false)),
        new("UserEmailStore.ReplaceAsync", "UserEmails", Picks.Replacing("owner"), s => RegisterAsync(s, orphaned: true)),
        new("PendingRegistrationStore.AddAsync", "PendingRegistrations", Picks.Adding("registration"), s => Task.FromResult(Wait(s))) { Settings = Confirming },
        new("PendingRegistrationStore.ReplaceAsync", "PendingRegistrations", Picks.Replacing("registration"), MistypeAsync) { Settings = Confirming },
        new("PendingRegistrationStore.DeleteAsync", "PendingRegistrations", Picks.Deleting("registration"), ConfirmAsync) { Settings = Confirming },
    ];

    private static async Task<Request> SignInAsync(TestService service)
    {
        var app = service.NewBrowser();
        var email = NewEmail();
        var (userId, _) = await SessionScenarios.NativeAsync(app, email);
        return new(
            () => LoginAsync(app, email),
            200,
            async (answer, course) =>
            {
                await AssertRefreshesAsync(app, answer);

                // A sign-in that landed unconfirmed leaves a session whose secrets nobody ever had; the repetition makes its own.
                Assert.Equal(1 + course.Times, (await service.RowsAsync(userId, "session_")).Count);
                Assert.Equal(1 + course.Times, (await service.EventsAsync(userId, "session_started")).Count);
            });
    }

    /// <summary>Registers an address.</summary>
    /// <param name="service">The service.</param>
    /// <param name="orphaned">Whether the address is left over by a registration that died.</param>
    /// <param name="withUser">Whether the commit in trouble is the one that makes the user.</param>
    private static async Task<Request> RegisterAsync(TestService service, bool orphaned, bool withUser = false)
    {
        var app = service.NewBrowser();
        var email = NewEmail();
        if (orphaned)
        {
            service.Faults["Users"].NextCommit = Fault.FailBeforeCommit;
            using var died = await SendAsync();
            await died.RefusedAsync(503, "unavailable");
            service.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        return new(
            SendAsync,
            201,
            async (answer, course) =>
            {
                var userId = (await answer.JsonAsync()).GetProperty("user").GetProperty("id").GetString()!;
                await AssertRefreshesAsync(app, answer);
                Assert.True(EmailAddress.TryParse(email, out var address));
                Assert.Equal(userId, (await service.Get<UserDirectory>().FindAsync(address!, default))?.Id);
                Assert.Single(await service.EventsAsync(userId, "registered"));
                Assert.Equal(withUser ? course.Times : 1, (await service.RowsAsync(userId, "session_")).Count);
                Assert.Equal(withUser ? course.Times : 1, (await service.EventsAsync(userId, "session_started")).Count);
                using var login = await LoginAsync(app, email);
                Assert.Equal(200, (int)login.StatusCode);
            })
        {
            RepeatAsync = async course =>
            {
                // A claim that stands alone is taken over once its registration can no longer be under way.
                service.Clock.Advance(TimeSpan.FromMinutes(1));
                var again = await SendAsync();
                if (!withUser || !course.Landed)
                {
                    return again;
                }

                // The caller has an account, is told so, and signs in.
                await again.RefusedAsync(409, "email_taken");
                return await LoginAsync(app, email);
            },
            RepeatStatus = course => withUser && course.Landed ? 200 : 201,
        };

        Task<HttpResponseMessage> SendAsync() =>
            app.PostAsync(Contoso + "/register", new { email, password = Password, transport = "body" }, origin: null);
    }

    private static Request Wait(TestService service)
    {
        var browser = service.NewBrowser();
        var email = NewEmail();
        return new(
            () => browser.PostAsync(Contoso + "/register", new { email, password = Password }),
            202,
            async (_, course) =>
            {
                // A link was sent, and it works. One that the answer did not tell of may have been sent too.
                await service.RequeueAsync();
                Assert.Equal(course.Times, service.Mails.Count);
                using var confirmed = await SubmitAsync(browser, await PageAsync(service, browser), Password);
                await AssertOneSessionAsync(service, browser, confirmed);
            });
    }

    private static async Task<Request> MistypeAsync(TestService service)
    {
        var browser = await WaitingAsync(service);
        var page = await PageAsync(service, browser);
        return new(
            () => SubmitAsync(browser, page, "another long password"),
            401,
            async (_, course) =>
            {
                var registration = await service.Get<PendingRegistrationStore>().FindAsync(await RegistrationIdAsync(service), default);
                Assert.Equal(course.Times, registration?.Failures);
                using var confirmed = await SubmitAsync(browser, page, Password);
                await AssertOneSessionAsync(service, browser, confirmed);
            });
    }

    private static async Task<Request> ConfirmAsync(TestService service)
    {
        var browser = await WaitingAsync(service);
        var page = await PageAsync(service, browser);
        return new(() => SubmitAsync(browser, page, Password), 303, (answer, _) => AssertOneSessionAsync(service, browser, answer))
        {
            // The account is made by then, and the browser must not go without its session for the sake of tidiness.
            NeverFails = true,
        };
    }

    private static async Task AssertOneSessionAsync(TestService service, Browser browser, HttpResponseMessage confirmed)
    {
        Assert.Equal(303, (int)confirmed.StatusCode);
        var userId = await SessionScenarios.UserIdAsync(browser);
        Assert.Equal(await RegistrationIdAsync(service), userId);
        Assert.Single(await service.RowsAsync(userId, "session_"));
        Assert.Single(await service.EventsAsync(userId, "registered"));
        Assert.Single(await service.EventsAsync(userId, "session_started"));
    }

    private static async Task<Browser> WaitingAsync(TestService service)
    {
        var browser = service.NewBrowser();
        using var waiting = await browser.PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password });
        Assert.Equal(202, (int)waiting.StatusCode);
        return browser;
    }

    private static async Task<string> RegistrationIdAsync(TestService service) =>
        LinkHandle.Read((await service.LinkAsync()).Split("token=")[1])!.RegistrationId;

    private static async Task<string> PageAsync(TestService service, Browser browser)
    {
        using var page = await browser.GetAsync(await service.LinkAsync());
        Assert.Equal(200, (int)page.StatusCode);
        return await page.Content.ReadAsStringAsync();
    }

    private static Task<HttpResponseMessage> SubmitAsync(Browser browser, string page, string password) =>
        browser.SubmitAsync(Contoso + "/verify", page, ("password", password));

    private static Task<HttpResponseMessage> LoginAsync(Browser app, string email) =>
        app.PostAsync(Contoso + "/login", new { email, password = Password, transport = "body" }, origin: null);

    private static async Task AssertRefreshesAsync(Browser app, HttpResponseMessage answer)
    {
        using var refreshed = await app.PostAsync(
            Contoso + "/refresh", new { refresh_token = await answer.TextAsync("refresh_token") }, origin: null);
        Assert.Equal(200, (int)refreshed.StatusCode);
    }
}
