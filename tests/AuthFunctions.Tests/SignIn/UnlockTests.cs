using AuthFunctions.Http;
using AuthFunctions.Tests.Account;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.LostResponses;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SignIn;

/// <summary>Past a hundred failures in a row an unknown device needs a link in a mail.</summary>
public class UnlockTests
{
    private const string Unlock = Contoso + "/unlock";

    [Fact]
    public async Task A_mailed_link_lets_the_owner_s_new_device_try_and_no_other()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var registered = await service.SignedInAsync(email: email);
        await LockAsync(service, email);
        using var device = service.NewBrowser();
        using var locked = await SigninAsync(device, email);
        Assert.Equal(429, (int)locked.StatusCode);
        Assert.Contains("href=\"/unlock\"", await locked.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var allowed = await device.FormOfAsync(await service.LinkAsync(Unlock, email));

        Assert.Equal((303, "/signin"), ((int)allowed.StatusCode, allowed.Headers.Location!.OriginalString));
        Assert.Null(device.Cookie(Contoso, "__Host-sid"));
        using var signedIn = await SigninAsync(device, email);
        Assert.Equal(303, (int)signedIn.StatusCode);
        using var stranger = service.NewBrowser();
        using var still = await SigninAsync(stranger, email);
        Assert.Equal(429, (int)still.StatusCode);
        Assert.Single(await service.EventsAsync(await SessionScenarios.UserIdAsync(device), "device_allowed"));
    }

    [Fact]
    public async Task A_link_works_once_and_for_this_alone()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        var link = await service.LinkAsync(Unlock, email);
        using var device = service.NewBrowser();
        using var form = await device.GetAsync(link);
        var page = await form.Content.ReadAsStringAsync();
        using var elsewhere = await device.GetAsync(link.Replace("/unlock?", "/reset?", StringComparison.Ordinal));
        Assert.Equal("link_invalid", await elsewhere.CodeAsync());
        using var first = await device.SubmitAsync(Unlock, page);
        Assert.Equal(303, (int)first.StatusCode);

        using var second = await device.SubmitAsync(Unlock, page);

        Assert.Equal((400, "link_invalid"), ((int)second.StatusCode, await second.CodeAsync()));
    }

    [Fact]
    public async Task Of_many_who_use_one_link_at_once_one_does()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        var link = await service.LinkAsync(Unlock, email);
        using var device = service.NewBrowser();
        using var form = await device.GetAsync(link);
        var page = await form.Content.ReadAsStringAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => device.SubmitAsync(Unlock, page)));

        Assert.Single(answers, a => (int)a.StatusCode == 303);
    }

    [Fact]
    public async Task An_address_without_account_is_answered_alike_and_gets_nothing()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var asked = await browser.FormOfAsync(Unlock, ("email", NewEmail()));

        Assert.Equal(200, (int)asked.StatusCode);
        await service.DeliverAsync();
        Assert.Empty(service.Mails);
    }

    private static async Task LockAsync(TestService service, string email)
    {
        Assert.True(EmailAddress.TryParse(email, out var address));
        var now = service.Clock.GetUtcNow();
        await service.Get<ThrottleStore>().SaveAsync(
            new ThrottleRow(ThrottleKey.OfEmail(address.Hash), Throttle.LockedFailures + 1, now, now.AddHours(24)), default);
    }

    private static Task<HttpResponseMessage> SigninAsync(Browser browser, string email) =>
        browser.FormOfAsync(Contoso + "/signin", ("email", email), ("password", Password));
}
