using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Storage;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SignIn;

public class LoginRefusalTests
{
    [Fact]
    public async Task Known_and_unknown_addresses_cost_the_same_and_are_answered_alike_from_the_first_on()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        using var stranger = service.NewBrowser();

        // The unknown one first: an instance that just started must not betray itself by the hash that it then lacks.
        var unknown = await CostAsync(NewEmail());
        var known = await CostAsync(email);

        Assert.Equal(known, unknown);
        Assert.Equal(1, known.Hashes);
        Assert.Contains("\"code\":\"invalid_credentials\"", known.Body, StringComparison.Ordinal);
        Assert.Contains(service.Log.Lines, l => l.Contains("401 invalid_credentials: unknown address", StringComparison.Ordinal));
        Assert.Contains(service.Log.Lines, l => l.Contains("401 invalid_credentials: wrong password", StringComparison.Ordinal));

        async Task<(int Status, string Body, int Hashes, int Commits)> CostAsync(string address)
        {
            var before = service.Hasher.Operations;
            service.Counter.Reset();
            using var response = await stranger.PostAsync(Contoso + "/login", new { email = address, password = "wrong wrong wrong" });
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), service.Hasher.Operations - before, service.Counter.Commits);
        }
    }

    [Fact]
    public async Task A_block_is_told_to_the_right_password_alone()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        using var me = await owner.GetAsync(Contoso + "/session");
        Assert.True(await service.Get<UserBlocking>().BlockAsync(
            (await me.JsonAsync()).GetProperty("user").GetProperty("id").GetString()!, "test", default));
        using var browser = service.NewBrowser();

        using var wrong = await browser.PostAsync(Contoso + "/login", new { email, password = "wrong wrong wrong" });
        using var right = await browser.PostAsync(Contoso + "/login", new { email, password = Password });

        await wrong.RefusedAsync(401, "invalid_credentials");
        await right.RefusedAsync(403, "blocked");
        Assert.Empty(browser.Cookies);
    }

    [Fact]
    public async Task An_unconfirmed_address_is_told_to_the_right_password_alone()
    {
        // Someone who registered while the setting was off.
        await using var lax = await StartAsync();
        var email = NewEmail();
        using var owner = await lax.SignedInAsync(email: email);
        await using var strict = await lax.StartSecondAsync(new() { ["Accounts:ConfirmEmail"] = "true" });
        using var browser = strict.NewBrowser();

        using var wrong = await browser.PostAsync(Contoso + "/login", new { email, password = "wrong wrong wrong" });
        using var right = await browser.PostAsync(Contoso + "/login", new { email, password = Password });

        await wrong.RefusedAsync(401, "invalid_credentials");
        await right.RefusedAsync(403, "email_unverified");
        Assert.Empty(browser.Cookies);
    }

    [Theory]
    [InlineData(null, Password, "email")]
    [InlineData("nobody", Password, "email")]
    [InlineData("a\ufffeb@people.test", Password, "email")]
    [InlineData("a@people.test", null, "password")]
    [InlineData("a@people.test", "", "password")]
    public async Task A_missing_or_malformed_field_is_named(string? email, string? password, string field)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var response = await browser.PostAsync(Contoso + "/login", new { email, password });

        await response.RefusedAsync(400, "invalid_request");
        Assert.Equal(field, await response.TextAsync("field"));
        Assert.Equal(0, service.Hasher.Operations);
    }

    [Fact]
    public async Task A_user_who_changed_while_the_password_was_checked_is_judged_anew()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        using var me = await owner.GetAsync(Contoso + "/session");
        var userId = (await me.JsonAsync()).GetProperty("user").GetProperty("id").GetString()!;
        var blocked = false;
        service.Faults["Users"].NextCommit = Fault.FailBeforeCommit;
        service.Faults["Users"].When = changes =>
        {
            // The password has been checked, the session is about to be stored: now the block comes.
            if (!blocked && changes.Any(c => c is Change.Add && c.Key.StartsWith("session_", StringComparison.Ordinal)))
            {
                blocked = true;
                Assert.True(service.Get<UserBlocking>().BlockAsync(userId, "test", default).GetAwaiter().GetResult());
            }

            return false;
        };
        using var browser = service.NewBrowser();

        using var login = await browser.PostAsync(Contoso + "/login", new { email, password = Password });

        Assert.True(blocked);
        await login.RefusedAsync(403, "blocked");
        Assert.Empty(browser.Cookies);
    }
}
