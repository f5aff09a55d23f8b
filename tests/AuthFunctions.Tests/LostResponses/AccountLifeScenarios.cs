using AuthFunctions.Storage;
using AuthFunctions.Tests.Account;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.LostResponses;

/// <summary>Resetting and changing passwords and addresses, allowing devices, deleting accounts.</summary>
internal static class AccountLifeScenarios
{
    public static IEnumerable<Scenario> All() =>
    [
        new("OutboxWriter.PostAsync", "Outbox", Picks.Adding("outbox_"), ForgetAsync),
        new("LinkStore.AddAsync", "Users", Picks.Adding("link_"), SendLinkAsync),
        new("PasswordReset.ResetAsync", "Users", Picks.Deleting("link_"), ResetAsync),
        new("PasswordChange.ChangeAsync", "Users", Picks.Replacing("session_"), ChangePasswordAsync),
        new("OtherSessions.EndAsync", "Users", Picks.Replacing("session_"), EndOthersAsync),
        new("EmailChange.RequestAsync", "Users", Picks.Adding("link_"), RequestEmailAsync),
        new("EmailChange.ConfirmAsync", "Users", Picks.Deleting("link_"), s => ConfirmEmailAsync(s, neverFails: false)),
        new("UserEmailStore.DeleteAsync", "UserEmails", Picks.Deleting("owner"), s => ConfirmEmailAsync(s, neverFails: true)),
        new("UserDirectory.TryClaimAsync#2", "Users", changes => changes is [Change.Replace { Key: "user" }], TakeOverAsync),
        new("AccountDeletion.DeleteAsync", "Users", Picks.Replacing("user"), DeleteAsync),
        new("UserEraser.DeleteAsync", "Users", Picks.Deleting("session_"), EraseAsync),
        new("DeviceUnlock.UnlockAsync", "Users", Picks.Deleting("link_"), UnlockAsync),
    ];

    private static async Task<Request> ForgetAsync(TestService service)
    {
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        var browser = service.NewBrowser();
        var page = await PageAsync(browser, Contoso + "/forgot");
        return new(
            () => browser.SubmitAsync(Contoso + "/forgot", page, ("email", email)),
            200,
            async (_, course) =>
            {
                await service.RequeueAsync();
                Assert.Equal(course.Times, service.Mails.Count);
                await AssertResetsAsync(service, await service.LinkAsync(), email);
            });
    }

    private static async Task<Request> SendLinkAsync(TestService service)
    {
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        var browser = service.NewBrowser();
        using var asked = await browser.FormOfAsync(Contoso + "/forgot", ("email", email));
        var message = service.Queue.TryTake()!;
        return new(
            () => browser.PostAsync(Contoso + "/admin/functions/Deliver", new { input = message }, origin: null),
            202,
            async (_, _) =>
            {
                await service.RequeueAsync();
                Assert.Single(service.Mails);
                await AssertResetsAsync(service, await service.LinkAsync(), email);
            })
        {
            NeverFails = true,
        };
    }

    private static async Task<Request> ResetAsync(TestService service)
    {
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        var browser = service.NewBrowser();
        var page = await PageAsync(browser, await service.LinkAsync(Contoso + "/forgot", email));
        return new(
            () => browser.SubmitAsync(Contoso + "/reset", page, ("new_password", AccountSteps.NewPassword)),
            303,
            async (_, _) =>
            {
                Assert.Equal(200, await service.LoginAsync(email, AccountSteps.NewPassword));
                var userId = (await service.FindAsync(email))!.Id;
                Assert.Single(await service.EventsAsync(userId, "password_reset"));
                await service.RequeueAsync();
                Assert.Equal(2, service.Mails.Count);
            })
        {
            // Used is used; the password is set, and the mail says so.
            RepeatStatus = course => course.Landed ? 400 : 303,
        };
    }

    private static async Task<Request> ChangePasswordAsync(TestService service)
    {
        var email = NewEmail();
        var browser = await service.SignedInAsync(email: email);
        return new(
            () => browser.PostAsync(Contoso + "/account/password", new { password = Password, new_password = AccountSteps.NewPassword }),
            204,
            async (_, _) =>
            {
                Assert.True(await browser.IsSignedInAsync());
                Assert.Equal(200, await service.LoginAsync(email, AccountSteps.NewPassword));
                Assert.Single(await service.EventsAsync(await SessionScenarios.UserIdAsync(browser), "password_changed"));
                await service.RequeueAsync();
                Assert.Single(service.Mails);
            })
        {
            // The password so far is another by then.
            RepeatStatus = course => course.Landed ? 403 : 204,
        };
    }

    private static async Task<Request> EndOthersAsync(TestService service)
    {
        var email = NewEmail();
        var browser = await service.SignedInAsync(email: email);
        var other = service.NewBrowser();
        using var login = await other.PostAsync(Contoso + "/login", new { email, password = Password });
        return new(
            () => browser.PostAsync(Contoso + "/account/sessions/end-others"),
            204,
            async (_, course) =>
            {
                Assert.True(await browser.IsSignedInAsync());
                Assert.False(await other.IsSignedInAsync());
                Assert.Equal(course.Times, (await service.EventsAsync((await service.FindAsync(email))!.Id, "other_sessions_ended")).Count);
            });
    }

    private static async Task<Request> RequestEmailAsync(TestService service)
    {
        var (email, next) = (NewEmail(), NewEmail());
        var browser = await service.SignedInAsync(email: email);
        return new(
            () => browser.PostAsync(Contoso + "/account/email", new { email = next, password = Password }),
            204,
            async (_, course) =>
            {
                await service.RequeueAsync();
                Assert.Equal(2 * course.Times, service.Mails.Count);
                using var confirmed = await browser.FormOfAsync(await service.LinkAsync());
                Assert.Equal(303, (int)confirmed.StatusCode);
                Assert.Equal(200, await service.LoginAsync(next, Password));
            });
    }

    /// <param name="service">The service.</param>
    /// <param name="neverFails">Whether the commit in trouble is the one that frees the old address, which is tidiness.</param>
    private static async Task<Request> ConfirmEmailAsync(TestService service, bool neverFails)
    {
        var (email, next) = (NewEmail(), NewEmail());
        var browser = await service.SignedInAsync(email: email);
        using var asked = await browser.PostAsync(Contoso + "/account/email", new { email = next, password = Password });
        var page = await PageAsync(browser, await service.LinkAsync());
        return new(
            () => browser.SubmitAsync(Contoso + "/account/email/confirm", page),
            303,
            async (_, _) =>
            {
                Assert.Equal(200, await service.LoginAsync(next, Password));
                Assert.Equal(401, await service.LoginAsync(email, Password));
                await service.RequeueAsync();
                Assert.Equal(4, service.Mails.Count);

                // Whether or not its row was removed, the old address is free.
                service.Clock.Advance(TimeSpan.FromMinutes(1));
                using var again = await service.SignedInAsync(email: email);
            })
        {
            NeverFails = neverFails,
            RepeatStatus = course => course.Landed ? 400 : 303,
        };
    }

    /// <summary>Somebody registers an address that another began to change to, and left.</summary>
    private static async Task<Request> TakeOverAsync(TestService service)
    {
        var next = NewEmail();
        var slow = await service.SignedInAsync();
        var slowId = await SessionScenarios.UserIdAsync(slow);
        var before = await service.Get<UserStore>().FindAsync(slowId, default);
        Assert.True(EmailAddress.TryParse(next, out var address));
        Assert.True(await service.Get<UserDirectory>().TryClaimAsync(address, slowId, default));
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        var app = service.NewBrowser();
        return new(
            () => app.PostAsync(Contoso + "/register", new { email = next, password = Password, transport = "body" }, origin: null),
            201,
            async (_, _) =>
            {
                Assert.Equal(200, await service.LoginAsync(next, Password));

                // A change of address that was decided before comes too late.
                var users = service.Get<UserStore>();
                var late = before! with { Email = next, EmailHash = address.Hash };
                Assert.IsType<Commit.Conflict>(await service.Table("Users").CommitAsync([users.Replace(late)], default));
                Assert.True(await slow.IsSignedInAsync());
            });
    }

    private static async Task<Request> DeleteAsync(TestService service)
    {
        var email = NewEmail();
        var browser = await service.SignedInAsync(email: email);
        var userId = await SessionScenarios.UserIdAsync(browser);
        return new(
            () => browser.PostAsync(Contoso + "/account/delete", new { password = Password }),
            204,
            async (_, _) =>
            {
                await service.RequeueAsync();
                Assert.Single(service.Mails);
                await AssertErasedAsync(service, userId);
            })
        {
            // There is nobody any more.
            RepeatStatus = course => course.Landed ? 401 : 204,
        };
    }

    private static async Task<Request> EraseAsync(TestService service)
    {
        var browser = await service.SignedInAsync();
        var userId = await SessionScenarios.UserIdAsync(browser);
        using var deleted = await browser.PostAsync(Contoso + "/account/delete", new { password = Password });
        Assert.Equal(204, (int)deleted.StatusCode);
        _ = service.Queue.TryTake();
        var message = service.Queue.TryTake()!;
        return new(
            () => browser.PostAsync(Contoso + "/admin/functions/Deliver", new { input = message }, origin: null),
            202,
            async (_, _) =>
            {
                await service.RequeueAsync();
                await AssertErasedAsync(service, userId);
            })
        {
            NeverFails = true,
        };
    }

    private static async Task<Request> UnlockAsync(TestService service)
    {
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        var browser = service.NewBrowser();
        var page = await PageAsync(browser, await service.LinkAsync(Contoso + "/unlock", email));
        return new(
            () => browser.SubmitAsync(Contoso + "/unlock", page),
            303,
            async (_, course) =>
            {
                // Whose answer was lost asks for another link.
                Assert.Equal(!(course.Landed && course.Repeated), browser.Cookie(Contoso, "__Host-device") is not null);
                Assert.Single(await service.EventsAsync((await service.FindAsync(email))!.Id, "device_allowed"));
            })
        {
            RepeatStatus = course => course.Landed ? 400 : 303,
        };
    }

    private static async Task<string> PageAsync(Browser browser, string url)
    {
        using var page = await browser.GetAsync(url);
        Assert.Equal(200, (int)page.StatusCode);
        return await page.Content.ReadAsStringAsync();
    }

    private static async Task AssertResetsAsync(TestService service, string link, string email)
    {
        using var reset = await service.NewBrowser().FormOfAsync(link, ("new_password", AccountSteps.NewPassword));
        Assert.Equal(303, (int)reset.StatusCode);
        Assert.Equal(200, await service.LoginAsync(email, AccountSteps.NewPassword));
    }

    private static async Task AssertErasedAsync(TestService service, string userId) => Assert.All(
        await service.RowsAsync(userId, ""), r => Assert.True(r.Key == "user" || r.Key.StartsWith("event_", StringComparison.Ordinal), r.Key));
}
