using AuthFunctions.Http;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SignIn;

/// <summary>Guessing is slowed down: by address of the account, by address of the caller, and by known device.</summary>
public class ThrottleTests
{
    private const string Wrong = "wrong wrong wrong";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task From_the_fifth_failure_on_each_costs_twice_the_wait_of_the_one_before_up_to_a_quarter_of_an_hour(bool known)
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        if (known)
        {
            using var owner = await service.SignedInAsync(email: email);
        }

        using var stranger = service.NewBrowser();
        for (var i = 0; i < 4; i++)
        {
            await FailAsync(stranger, email);
        }

        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900 })
        {
            await FailAsync(stranger, email);
            var hashes = service.Hasher.Operations;
            Assert.Equal(TimeSpan.FromSeconds(seconds), await DelayAsync(stranger, email));

            // The last second counts in full, and a refused attempt neither hashes nor lengthens the wait.
            service.Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(TimeSpan.FromSeconds(1), await DelayAsync(stranger, email));
            Assert.Equal(hashes, service.Hasher.Operations);
            service.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public async Task All_spellings_of_an_address_are_one_and_other_addresses_are_not_concerned()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var stranger = service.NewBrowser();
        for (var i = 0; i < 5; i++)
        {
            await FailAsync(stranger, i % 2 == 0 ? email : " " + email.ToUpperInvariant());
        }

        Assert.NotNull(await DelayAsync(stranger, email.ToUpperInvariant()));
        await FailAsync(stranger, NewEmail());
    }

    [Fact]
    public async Task A_success_forgets_the_failures_of_an_account()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        using var browser = service.NewBrowser();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 4; i++)
            {
                await FailAsync(browser, email);
            }

            using var success = await service.NewBrowser().PostAsync(Contoso + "/login", new { email, password = Password });
            Assert.Equal(200, (int)success.StatusCode);
        }
    }

    [Fact]
    public async Task A_day_after_the_last_failure_all_are_forgotten()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var stranger = service.NewBrowser();
        await SetAsync(service, ThrottleKey.OfEmail(HashOf(email)), 50);

        service.Clock.Advance(TimeSpan.FromHours(24));

        for (var i = 0; i < 4; i++)
        {
            await FailAsync(stranger, email);
        }

        await FailAsync(stranger, email);
        Assert.Equal(TimeSpan.FromSeconds(1), await DelayAsync(stranger, email));
    }

    [Fact]
    public async Task Guesses_at_the_same_moment_each_count()
    {
        await using var service = await StartAsync();
        var email = NewEmail();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(
            _ => service.NewBrowser().PostAsync(Contoso + "/login", new { email, password = Wrong })));

        var row = await service.Get<ThrottleStore>().FindAsync(ThrottleKey.OfEmail(HashOf(email)), default);
        var failed = service.Log.Lines.Count(l => l.Contains("401 invalid_credentials", StringComparison.Ordinal));
        Assert.InRange(failed, 5, 10);
        Assert.Equal(failed, row!.Failures);
    }

    [Fact]
    public async Task Failures_are_counted_by_the_caller_s_address_where_its_header_is_trusted()
    {
        await using var service = await StartAsync(new() { ["ClientAddress:Header"] = "CLIENT-IP" });
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        for (var i = 0; i < 5; i++)
        {
            using var guessing = From(service, $"[2001:db8:1:2::{i + 1}]:4711");
            await FailAsync(guessing, NewEmail());
        }

        // One household or host has a whole /64.
        using var sameNet = From(service, "2001:DB8:1:2:ffff::9");
        using var otherNet = From(service, "2001:db8:1:3::1");
        Assert.Equal(TimeSpan.FromSeconds(1), await DelayAsync(sameNet, NewEmail()));
        await FailAsync(otherNet, NewEmail());

        // Success does not reset it: the attacker may have an account of his own.
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var success = await sameNet.PostAsync(Contoso + "/login", new { email, password = Password });
        Assert.Equal(200, (int)success.StatusCode);
        await FailAsync(sameNet, NewEmail());
        Assert.Equal(TimeSpan.FromSeconds(2), await DelayAsync(sameNet, NewEmail()));
    }

    [Fact]
    public async Task An_IPv4_address_is_one_however_it_is_written()
    {
        await using var service = await StartAsync(new() { ["ClientAddress:Header"] = "CLIENT-IP" });
        foreach (var address in new[] { "192.0.2.7", "192.0.2.7:1", "192.0.2.7:65535", "::ffff:192.0.2.7", " 192.0.2.7 " })
        {
            using var guessing = From(service, address);
            await FailAsync(guessing, NewEmail());
        }

        using var same = From(service, "192.0.2.7:4711");
        using var neighbour = From(service, "192.0.2.8");
        Assert.NotNull(await DelayAsync(same, NewEmail()));
        await FailAsync(neighbour, NewEmail());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("X-Real-Address")]
    public async Task A_header_that_is_not_trusted_counts_for_nothing(string? trusted)
    {
        await using var service = await StartAsync(trusted is null ? null : new() { ["ClientAddress:Header"] = trusted });
        using var guessing = From(service, "192.0.2.7");
        guessing.Headers["X-Forwarded-For"] = "192.0.2.7";

        for (var i = 0; i < 8; i++)
        {
            await FailAsync(guessing, NewEmail());
        }
    }

    private static Browser From(TestService service, string address)
    {
        var browser = service.NewBrowser();
        browser.Headers["CLIENT-IP"] = address;
        return browser;
    }

    private static string HashOf(string email)
    {
        Assert.True(EmailAddress.TryParse(email, out var address));
        return address.Hash;
    }

    private static async Task SetAsync(TestService service, ThrottleKey key, int failures)
    {
        var now = service.Clock.GetUtcNow();
        await service.Get<ThrottleStore>().SaveAsync(new ThrottleRow(key, failures, now.AddMinutes(15), now.AddHours(24)), default);
    }

    private static async Task FailAsync(Browser browser, string email)
    {
        using var response = await browser.PostAsync(Contoso + "/login", new { email, password = Wrong });
        await response.RefusedAsync(401, "invalid_credentials");
    }

    /// <summary>The wait that an attempt is told, which must then be refused; the password is right or wrong, it does not matter.</summary>
    private static async Task<TimeSpan?> DelayAsync(Browser browser, string email)
    {
        using var response = await browser.PostAsync(Contoso + "/login", new { email, password = Password });
        await response.RefusedAsync(429, "too_many_attempts");
        return response.Headers.RetryAfter!.Delta;
    }
}
