using AuthFunctions.Http;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SignIn;

/// <summary>A device that has signed in before has a budget of its own, so that a stranger cannot lock an owner out.</summary>
public class KnownDeviceTests
{
    private const string Wrong = "wrong wrong wrong";

    [Fact]
    public async Task A_stranger_s_hundred_failures_do_not_lock_the_owner_s_browser_out()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        using var stranger = service.NewBrowser();
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(401, await TryAsync(stranger, email, Wrong));
            service.Clock.Advance(TimeSpan.FromMinutes(15));
        }

        // A hundred are not past a hundred: the owner's new device may still try, and fails.
        using var newDevice = service.NewBrowser();
        Assert.Equal(401, await TryAsync(newDevice, email, Wrong));
        service.Clock.Advance(TimeSpan.FromMinutes(15));

        // Now unknown devices are refused, whatever they know and however long they wait.
        using var refused = await newDevice.PostAsync(Contoso + "/login", new { email, password = Password });
        await refused.RefusedAsync(429, "too_many_attempts");
        Assert.Equal(TimeSpan.FromMinutes(15), refused.Headers.RetryAfter!.Delta);
        Assert.Equal(200, await TryAsync(owner, email, Password));

        // The owner's success speaks for the owner's device alone.
        Assert.Equal(429, await TryAsync(newDevice, email, Password));
        service.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(200, await TryAsync(newDevice, email, Password));
    }

    [Fact]
    public async Task A_known_device_s_own_failures_slow_it_down_and_no_other()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(401, await TryAsync(owner, email, Wrong));
        }

        Assert.Equal(429, await TryAsync(owner, email, Password));
        using var other = service.NewBrowser();
        Assert.Equal(200, await TryAsync(other, email, Password));
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, await TryAsync(owner, email, Password));

        // Success forgets them.
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(401, await TryAsync(owner, email, Wrong));
        }

        Assert.Equal(200, await TryAsync(owner, email, Password));
    }

    [Fact]
    public async Task A_device_of_the_attacker_s_own_account_buys_no_guesses_at_another_s()
    {
        await using var service = await StartAsync();
        var victim = NewEmail();
        using var owner = await service.SignedInAsync(email: victim);
        using var attacker = await service.SignedInAsync();
        Assert.NotNull(attacker.Cookie(Contoso, "__Host-device"));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(401, await TryAsync(attacker, victim, Wrong));
        }

        Assert.Equal(429, await TryAsync(attacker, victim, Password));
        using var fresh = service.NewBrowser();
        Assert.Equal(429, await TryAsync(fresh, victim, Password));
        Assert.Equal(200, await TryAsync(owner, victim, Password));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_made_up_device_is_an_unknown_one(string cookie)
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        using var stranger = service.NewBrowser();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(401, await TryAsync(stranger, email, Wrong));
        }

        using var request = Browser.JsonRequest(HttpMethod.Post, Contoso + "/login", new { email, password = Password });
        request.Headers.Add("Cookie", "__Host-device=" + cookie);
        using var response = await stranger.SendAsync(request);

        await response.RefusedAsync(429, "too_many_attempts");
    }

    [Fact]
    public async Task A_sign_in_makes_a_browser_s_device_known_and_keeps_it_the_same_one()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        using var browser = service.NewBrowser();
        Assert.Equal(200, await TryAsync(browser, email, Password));
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(401, await TryAsync(browser, email, Wrong));
        }

        // Its failures are not the address's.
        Assert.True(EmailAddress.TryParse(email, out var address));
        Assert.Null(await service.Get<ThrottleStore>().FindAsync(ThrottleKey.OfEmail(address.Hash), default));
        var attributes = browser.Cookies[("auth.contoso.localhost", "__Host-device")].Attributes;
        Assert.True(attributes is { HttpOnly: true, Secure: true });
        Assert.Equal(TimeSpan.FromDays(365), attributes.MaxAge);
    }

    private static async Task<int> TryAsync(Browser browser, string email, string password)
    {
        using var response = await browser.PostAsync(Contoso + "/login", new { email, password });
        return (int)response.StatusCode;
    }
}
