using System.Text.RegularExpressions;
using AuthFunctions.Account;
using AuthFunctions.Tests.Account;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Device;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Pages;

/// <summary>The account page: where one is signed in, what apps may have, what happened; all by plain forms.</summary>
public partial class AccountPageTests(Handoff.HandoffService shared) : IClassFixture<Handoff.HandoffService>
{
    private const string Page = Contoso + "/account";
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0";

    private readonly TestService service = shared.Service;

    [Fact]
    public async Task Devices_are_listed_this_one_first_and_one_can_be_ended()
    {
        var (here, there, _) = await TwoDevicesAsync();
        var before = await ShowAsync(here);
        var devices = before.Of("li").ToList();
        Assert.Contains("This device", devices[0], StringComparison.Ordinal);
        Assert.Contains("Firefox on Windows", devices[1], StringComparison.Ordinal);
        Assert.Contains("at Contoso", devices[1], StringComparison.Ordinal);
        var id = Assert.Single(End().Matches(before)).Groups[1].Value;

        using var ended = await here.AccountFormAsync("/account/sessions/end", ("session", id));

        Assert.Equal((303, "/account"), ((int)ended.StatusCode, ended.Headers.Location!.OriginalString));
        Assert.False(await there.IsSignedInAsync());
        Assert.True(await here.IsSignedInAsync());
        Assert.Empty(End().Matches(await ShowAsync(here)));
        Assert.Contains("You ended a sign-in", await ShowAsync(here), StringComparison.Ordinal);
        using var again = await here.AccountFormAsync("/account/sessions/end", ("session", id));
        Assert.Equal((404, "session_not_found"), ((int)again.StatusCode, await again.CodeAsync()));
    }

    [Fact]
    public async Task All_others_end_at_once_and_what_hangs_on_this_one_lives()
    {
        var (here, there, email) = await TwoDevicesAsync();
        var handoff = await new Handoff.HandoffCeremony(service, here).ArrivedAsync();

        using var ended = await here.AccountFormAsync("/account/sessions/end-others");

        Assert.Equal(303, (int)ended.StatusCode);
        Assert.False(await there.IsSignedInAsync());
        Assert.True(await here.IsSignedInAsync());
        Assert.NotNull(await handoff.PersonAtAsync(Fabrikam));
        Assert.Equal(200, await service.LoginAsync(email, Password));
        Assert.Single(await service.EventsAsync(await LostResponses.SessionScenarios.UserIdAsync(here), "other_sessions_ended"));
    }

    [Fact]
    public async Task From_the_session_of_a_handoff_its_root_lives_on()
    {
        var (here, there, _) = await TwoDevicesAsync();
        var handoff = await new Handoff.HandoffCeremony(service, here).ArrivedAsync();
        using var ended = await here.PostAsync(Fabrikam + "/account/sessions/end-others");

        Assert.Equal(204, (int)ended.StatusCode);
        Assert.False(await there.IsSignedInAsync());
        Assert.True(await here.IsSignedInAsync());
        Assert.NotNull(await handoff.PersonAtAsync(Fabrikam));
    }

    [Fact]
    public async Task Another_persons_session_is_as_unknown_as_a_made_up_one()
    {
        using var person = await service.SignedInAsync();
        using var other = await service.SignedInAsync();
        using var listed = await other.GetAsync(Contoso + "/sessions");
        var id = (await listed.JsonAsync()).GetProperty("sessions")[0].GetProperty("id").GetString()!;

        foreach (var unknown in new[] { id, "AAAAAAAAAAAAAAAAAAAAAA", "x" })
        {
            using var refused = await person.AccountFormAsync("/account/sessions/end", ("session", unknown));
            Assert.Equal((404, "session_not_found"), ((int)refused.StatusCode, await refused.CodeAsync()));
        }

        Assert.True(await other.IsSignedInAsync());
    }

    [Fact]
    public async Task Ending_this_device_signs_the_browser_out()
    {
        using var person = await service.SignedInAsync();
        using var listed = await person.GetAsync(Contoso + "/sessions");
        var id = (await listed.JsonAsync()).GetProperty("sessions")[0].GetProperty("id").GetString()!;

        using var ended = await person.AccountFormAsync("/account/sessions/end", ("session", id));

        Assert.Equal(303, (int)ended.StatusCode);
        Assert.Null(person.Cookie(Contoso, "__Host-sid"));
        using var page = await person.GetAsync(Page);
        Assert.Equal("/signin?return_to=/account", page.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task An_app_that_was_let_in_is_listed_and_its_consent_withdrawn()
    {
        using var person = await service.SignedInAsync();
        using var toConsent = await person.AuthorizeAsync(Ceremony.AsPartner);
        using var allowed = await person.ConsentAsync(toConsent);
        var page = await ShowAsync(person);
        Assert.Matches(@"demo-partner</strong>\s*<ul>\s*<li>knowing that it is you</li>\s*<li>your name</li>\s*<li>your e-mail address</li>", page);
        Assert.Contains("You let an app in: demo-partner", page, StringComparison.Ordinal);

        using var forged = await person.SendAsync(
            Handoff.PageFields.Post(Contoso + "/account/consents/withdraw", [new("client_id", "demo-partner")], Contoso));
        Assert.Equal(403, (int)forged.StatusCode);
        using var withdrawn = await person.AccountFormAsync("/account/consents/withdraw", ("client_id", "demo-partner"));

        Assert.Equal((303, "/account"), ((int)withdrawn.StatusCode, withdrawn.Headers.Location!.OriginalString));
        var after = await ShowAsync(person);
        Assert.DoesNotContain("value=\"demo-partner\"", after, StringComparison.Ordinal);
        Assert.Contains("withdrew an app", after, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/account/sessions/end")]
    [InlineData("/account/sessions/end-others")]
    public async Task A_form_that_another_page_forged_ends_nothing(string path)
    {
        var (here, there, _) = await TwoDevicesAsync();
        var page = await ShowAsync(here);
        var form = Regex.Match(page, $"<form method=\"post\" action=\"{path}\">.*?</form>", RegexOptions.Singleline).Value;
        var (csrf, id) = (Handoff.PageFields.Of(form)["csrf"], End().Match(page).Groups[1].Value);
        using var missing = Handoff.PageFields.Post(Contoso + path, [new("session", id)], Contoso);
        using var foreign = Handoff.PageFields.Post(Contoso + path, [new("session", id), new("csrf", csrf)], "http://evil.test");

        using var one = await here.SendAsync(missing);
        using var two = await here.SendAsync(foreign);

        Assert.Equal((403, 403), ((int)one.StatusCode, (int)two.StatusCode));
        Assert.True(await there.IsSignedInAsync());
        using var genuine = await here.SubmitAsync(Contoso + path, form, ("session", id));
        Assert.Equal(303, (int)genuine.StatusCode);
        Assert.False(await there.IsSignedInAsync());
    }

    [Theory]
    [InlineData("/account/password", "password", "password")]
    [InlineData("/account/password", "new_password", "new-password")]
    [InlineData("/account/email", "email", "email")]
    [InlineData("/account/email", "password", "email-password")]
    [InlineData("/account/delete", "password", "delete-password")]
    public async Task A_fault_is_told_at_the_field_of_its_form(string path, string spoilt, string id)
    {
        using var person = await service.SignedInAsync();
        (string, string)[] fields = [("password", Password), ("new_password", AccountSteps.NewPassword), ("email", NewEmail())];

        using var refused = await person.AccountFormAsync(path, [.. fields.Where(f => f.Item1 != spoilt), (spoilt, "wrong")]);
        var html = await refused.Content.ReadAsStringAsync();

        Assert.True((int)refused.StatusCode is 400 or 403);
        Assert.Contains($"<a href=\"#{id}\">", html, StringComparison.Ordinal);
        Assert.Contains($"id=\"{id}-fault\"", Assert.Single(Regex.Matches(html, "<p class=\"fault\"[^>]*>")).Value, StringComparison.Ordinal);
        Assert.Equal($" id=\"{id}\"", Regex.Match(Regex.Match(html, "<input[^>]*aria-invalid[^>]*>").Value, " id=\"[^\"]+\"").Value);
        Assert.True(await person.IsSignedInAsync());
    }

    [Fact]
    public async Task The_data_has_the_devices_that_were_let_in()
    {
        using var person = await service.SignedInAsync();
        await service.DeviceTokensAsync(person);

        using var data = await person.GetAsync(Contoso + "/account/data");

        var rows = (await data.JsonAsync()).GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("row").GetString()!);
        Assert.Single(rows, r => r.StartsWith("device_", StringComparison.Ordinal));
        Assert.Contains("App demo-device", await ShowAsync(person), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Firefox, "Firefox", "Windows")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 Edg/129.0.0.0", "Edge", "Windows")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36", "Chrome", "Linux")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari", "iPhone")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15", "Safari", "macOS")]
    [InlineData("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36", "Samsung Internet", "Android")]
    [InlineData("curl/8.9", null, null)]
    [InlineData("<script>", null, null)]
    [InlineData(null, null, null)]
    public void A_browser_is_called_what_people_call_it(string? userAgent, string? browser, string? system) =>
        Assert.Equal(new DeviceName(browser, system), DeviceName.Of(userAgent));

    private async Task<(Browser Here, Browser There, string Email)> TwoDevicesAsync()
    {
        var email = NewEmail();
        var here = await service.SignedInAsync(email: email);
        var there = service.NewBrowser();
        there.Headers["User-Agent"] = Firefox;
        using var login = await there.PostAsync(Contoso + "/login", new { email, password = Password });
        Assert.Equal(200, (int)login.StatusCode);
        return (here, there, email);
    }

    private static async Task<string> ShowAsync(Browser browser)
    {
        using var page = await browser.GetAsync(Page);
        Assert.Equal(200, (int)page.StatusCode);
        return System.Net.WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("name=\"session\" value=\"([^\"]+)\"")]
    private static partial Regex End();
}
