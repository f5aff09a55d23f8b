using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.LostResponses;
using static AuthFunctions.Tests.Fixtures.TestService;
using static AuthFunctions.Tests.Account.AccountSteps;

namespace AuthFunctions.Tests.Account;

/// <summary>What people who are signed in do with their account; what cannot be undone asks for the password.</summary>
public class AccountTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_changed_password_ends_all_other_sign_ins_and_keeps_this_one(bool byForm)
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        using var other = service.NewBrowser();
        using var login = await other.PostAsync(Contoso + "/login", new { email, password = Password });
        Assert.Equal(200, (int)login.StatusCode);

        using var changed = byForm
            ? await browser.AccountFormAsync("/account/password", ("password", Password), ("new_password", NewPassword))
            : await browser.PostAsync(Contoso + "/account/password", new { password = Password, new_password = NewPassword });

        Assert.Equal(byForm ? 303 : 204, (int)changed.StatusCode);
        Assert.True(await browser.IsSignedInAsync());
        using var refreshed = await browser.PostAsync(Contoso + "/refresh");
        Assert.Equal(200, (int)refreshed.StatusCode);
        Assert.False(await other.IsSignedInAsync());
        Assert.Equal(401, await service.LoginAsync(email, Password));
        Assert.Equal(200, await service.LoginAsync(email, NewPassword));
        Assert.Equal([$"{email}: Your password for Contoso was changed"], await service.MailsAsync());
        Assert.Single(await service.EventsAsync(await SessionScenarios.UserIdAsync(browser), "password_changed"));
    }

    [Fact]
    public async Task A_changed_password_keeps_the_session_of_another_site_whose_root_it_lives_by()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var url = $"{Contoso}/handoff?to=fabrikam";
        while (!url.StartsWith(FabrikamApp, StringComparison.Ordinal))
        {
            using var step = await browser.GetAsync(url);
            url = step.Headers.Location!.ToString();
        }

        using var changed = await browser.PostAsync(Fabrikam + "/account/password", new { password = Password, new_password = NewPassword });

        Assert.Equal(204, (int)changed.StatusCode);
        Assert.True(await browser.IsSignedInAsync(Fabrikam));
        Assert.True(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("/account/password")]
    [InlineData("/account/email")]
    [InlineData("/account/delete")]
    public async Task A_wrong_password_changes_nothing_and_is_slowed_down(string path)
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await SendAsync("wrong wrong wrong");
            await wrong.RefusedAsync(403, "invalid_credentials");
        }

        using var late = await SendAsync(Password);
        await late.RefusedAsync(429, "too_many_attempts");
        Assert.Empty(await service.MailsAsync());
        Assert.Equal(200, await service.LoginAsync(email, Password));
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var right = await SendAsync(Password);
        Assert.Equal(204, (int)right.StatusCode);

        Task<HttpResponseMessage> SendAsync(string password) =>
            browser.PostAsync(Contoso + path, new { password, new_password = NewPassword, email = "new-" + email });
    }

    [Theory]
    [InlineData("/account/password")]
    [InlineData("/account/email")]
    [InlineData("/account/delete")]
    public async Task Nobody_acts_without_a_session_or_from_another_site_s_page(string path)
    {
        await using var service = await StartAsync();
        var body = new { password = Password, new_password = NewPassword, email = NewEmail() };
        using var stranger = service.NewBrowser();
        using var absent = await stranger.PostAsync(Contoso + path, body);
        await absent.RefusedAsync(401, "session_ended");
        using var browser = await service.SignedInAsync();

        using var foreign = await browser.PostAsync(Contoso + path, body, "https://evil.test");

        await foreign.RefusedAsync(403, "cross_site");
        using var fields = await browser.PostAsync(Contoso + path, new { });
        await fields.RefusedAsync(400, "invalid_request");
        using var own = await browser.PostAsync(Contoso + path, body);
        Assert.Equal(204, (int)own.StatusCode);
    }

    [Fact]
    public async Task An_address_changes_once_it_is_confirmed_there_and_both_are_told()
    {
        await using var service = await StartAsync();
        var (email, next) = (NewEmail(), NewEmail());
        using var browser = await service.SignedInAsync(email: email);
        using var asked = await browser.PostAsync(Contoso + "/account/email", new { email = next, password = Password });
        Assert.Equal(204, (int)asked.StatusCode);
        Assert.Equal(200, await service.LoginAsync(email, Password));
        Assert.Equal(
            new[] { $"{next}: Confirm your new e-mail address for Contoso", $"{email}: Your e-mail address for Contoso is about to change" }.Order(StringComparer.Ordinal),
            await service.MailsAsync());
        using var elsewhere = service.NewBrowser();

        using var confirmed = await elsewhere.FormOfAsync(await service.LinkAsync());

        Assert.Equal(303, (int)confirmed.StatusCode);
        Assert.Equal(200, await service.LoginAsync(next, Password));
        Assert.Equal(401, await service.LoginAsync(email, Password));
        Assert.True(await browser.IsSignedInAsync());
        Assert.Equal(
            new[] { $"{next}: Your e-mail address for Contoso was changed", $"{email}: Your e-mail address for Contoso was changed" }.Order(StringComparer.Ordinal),
            await service.MailsAsync(skip: 2));
        using var again = await service.SignedInAsync(email: email);
    }

    [Fact]
    public async Task An_address_that_has_an_account_is_not_told_before_its_letter_box_is_proven()
    {
        await using var service = await StartAsync();
        var (email, taken) = (NewEmail(), NewEmail());
        using var owner = await service.SignedInAsync(email: taken);
        using var browser = await service.SignedInAsync(email: email);
        using var asked = await browser.PostAsync(Contoso + "/account/email", new { email = taken, password = Password });
        Assert.Equal(204, (int)asked.StatusCode);

        using var confirmed = await browser.FormOfAsync(await service.LinkAsync());

        Assert.Equal((409, "email_taken"), ((int)confirmed.StatusCode, await confirmed.CodeAsync()));
        Assert.Equal(200, await service.LoginAsync(email, Password));
        Assert.Equal(200, await service.LoginAsync(taken, Password));
    }

    [Fact]
    public async Task A_reset_kills_the_link_of_a_thief_who_asked_for_another_address()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var thief = await service.SignedInAsync(email: email);
        using var asked = await thief.PostAsync(Contoso + "/account/email", new { email = NewEmail(), password = Password });
        var link = await service.LinkAsync();
        using var owner = service.NewBrowser();
        using var reset = await owner.FormOfAsync(await service.LinkAsync(Contoso + "/forgot", email), ("new_password", NewPassword));
        Assert.Equal(303, (int)reset.StatusCode);

        using var dead = await thief.GetAsync(link);

        Assert.Equal("link_invalid", await dead.CodeAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deleted_account_leaves_its_audit_trail_and_nothing_else(bool byForm)
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        var userId = await SessionScenarios.UserIdAsync(browser);

        using var deleted = byForm
            ? await browser.AccountFormAsync("/account/delete", ("password", Password))
            : await browser.PostAsync(Contoso + "/account/delete", new { password = Password });

        Assert.Equal(byForm ? 303 : 204, (int)deleted.StatusCode);
        Assert.False(await browser.IsSignedInAsync());
        Assert.Null(browser.Cookie(Contoso, "__Host-sid"));
        Assert.Equal(401, await service.LoginAsync(email, Password));
        Assert.Equal([$"{email}: Your account at Contoso was deleted"], await service.MailsAsync());
        var left = await service.RowsAsync(userId, "");
        Assert.All(left, r => Assert.True(r.Key == "user" || r.Key.StartsWith("event_", StringComparison.Ordinal), r.Key));
        Assert.Equal(["ExpiresAt", "Tombstone"], left.Single(r => r.Key == "user").Columns.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(left, r => r.Columns.Values.Any(v => v is string text && text.Contains(email, StringComparison.Ordinal)));
        Assert.Single(await service.EventsAsync(userId, "account_deleted"));
        using var again = await service.SignedInAsync(email: email);
        Assert.NotEqual(userId, await SessionScenarios.UserIdAsync(again));
    }

    [Fact]
    public async Task The_data_are_all_that_lasts_without_hashes_and_secrets()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);

        using var data = await browser.GetAsync(Contoso + "/account/data");

        Assert.Equal("attachment", data.Content.Headers.ContentDisposition!.DispositionType);
        var rows = (await data.JsonAsync()).GetProperty("rows").EnumerateArray().ToList();
        var user = rows.Single(r => r.GetProperty("row").GetString() == "user");
        Assert.Equal((email, "Test Person"), (user.GetProperty("email").GetString(), user.GetProperty("name").GetString()));
        Assert.Contains(rows, r => r.GetProperty("row").GetString()!.StartsWith("session_", StringComparison.Ordinal));
        Assert.Contains(rows, r => r.TryGetProperty("kind", out var kind) && kind.GetString() == "registered");
        var text = await data.Content.ReadAsStringAsync();
        Assert.DoesNotContain("hash", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("handle_key", text, StringComparison.Ordinal);
        using var stranger = service.NewBrowser();
        using var refused = await stranger.GetAsync(Contoso + "/account/data");
        await refused.RefusedAsync(401, "session_ended");
    }

    [Fact]
    public async Task The_account_page_is_for_whoever_is_signed_in()
    {
        await using var service = await StartAsync();
        using var stranger = service.NewBrowser();

        using var sent = await stranger.GetAsync(Contoso + "/account");

        Assert.Equal((303, "/signin?return_to=/account"), ((int)sent.StatusCode, sent.Headers.Location!.OriginalString));
    }
}
