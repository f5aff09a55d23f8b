using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Device;

/// <summary>The page where a person types a device's code and answers (RFC 8628 §3.3, §5.1, §5.4).</summary>
public class DevicePageTests
{
    [Fact]
    public async Task The_page_names_the_person_the_site_the_client_the_code_and_what_is_asked_for()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var waiting = await person.WaitAsync("openid email offline_access");

        using var response = await person.TypeAsync(waiting.UserCode);

        Assert.Equal(200, (int)response.StatusCode);
        var page = await response.Content.ReadAsStringAsync();
        foreach (var text in new[] { "Test Person", "Contoso", "demo-device", waiting.UserCode, "your e-mail address", "access while you are away" })
        {
            Assert.Contains(text, page, StringComparison.Ordinal);
        }

        Assert.EndsWith("form-action 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_code_the_page_asks_for_it()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();

        using var response = await person.GetAsync(Contoso + "/device");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains("name=\"user_code\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_is_not_signed_in_signs_in_first_and_comes_back(bool withCode)
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using (await service.SignedInAsync(email: email))
        {
        }

        using var person = service.NewBrowser();
        var waiting = await person.WaitAsync();
        var url = withCode ? "/device?user_code=" + waiting.UserCode : "/device";

        using var away = await person.GetAsync(Contoso + url);
        using var signIn = await person.GetAsync(Contoso + Ceremony.Onwards(away, "/signin"));
        using var signedIn = await person.SubmitAsync(
            Contoso + "/signin", await signIn.Content.ReadAsStringAsync(), ("email", email), ("password", Password));

        Assert.Equal(303, (int)signedIn.StatusCode);
        Assert.Equal(url, signedIn.Headers.Location!.OriginalString);
        await person.AllowAsync(waiting.UserCode);
    }

    [Fact]
    public async Task A_form_that_another_page_made_lets_nothing_in()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var waiting = await person.WaitAsync();
        using var page = await person.TypeAsync(waiting.UserCode);
        var html = await page.Content.ReadAsStringAsync();

        using var withoutToken = await person.SubmitAsync(Contoso + "/device", html, ("csrf", ""), ("choice", "allow"));
        using var withoutOrigin = await person.FormAsync(Contoso + "/device", null, ("user_code", waiting.UserCode), ("choice", "allow"));
        using var poll = await person.PollAsync(waiting.DeviceCode);
        using var honest = await person.SubmitAsync(Contoso + "/device", html, ("choice", "allow"));
        using var after = await person.PollAsync(waiting.DeviceCode);

        await Ceremony.ShownAsync(withoutToken, 403, "cross_site");
        await Ceremony.ShownAsync(withoutOrigin, 403, "cross_site");
        await poll.RefusedAsync(400, "authorization_pending");
        Assert.Equal(200, (int)honest.StatusCode);
        Assert.Equal(200, (int)after.StatusCode);
    }

    [Fact]
    public async Task Who_signed_in_after_the_page_was_shown_to_somebody_else_is_asked_anew()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var other = await service.SignedInAsync(email: email);
        using var person = await service.SignedInAsync();
        var waiting = await person.WaitAsync();
        using var page = await person.TypeAsync(waiting.UserCode);
        using var login = await person.PostAsync(Contoso + "/login", new { email, password = Password });
        Assert.Equal(200, (int)login.StatusCode);

        using var posted = await person.SubmitAsync(Contoso + "/device", await page.Content.ReadAsStringAsync(), ("choice", "allow"));
        using var poll = await person.PollAsync(waiting.DeviceCode);

        Assert.Contains("value=\"allow\"", await posted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await poll.RefusedAsync(400, "authorization_pending");
    }

    [Fact]
    public async Task Five_wrong_codes_in_a_row_slow_a_person_down_and_a_right_one_does_not_help()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        using var bystander = await service.SignedInAsync();
        var waiting = await person.WaitAsync();

        foreach (var _ in Enumerable.Range(0, 4))
        {
            using var wrong = await person.TypeAsync("BCDF-GHJK");
            Assert.Equal(400, (int)wrong.StatusCode);
        }

        using var right = await person.TypeAsync(waiting.UserCode);
        using var fifth = await person.TypeAsync("not even a code");
        using var locked = await person.TypeAsync(waiting.UserCode);
        using var posted = await person.SubmitAsync(Contoso + "/device", await right.Content.ReadAsStringAsync(), ("choice", "allow"));
        using var others = await bystander.TypeAsync(waiting.UserCode);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var later = await person.TypeAsync(waiting.UserCode);

        Assert.Equal((200, 400, 429), ((int)right.StatusCode, (int)fifth.StatusCode, (int)locked.StatusCode));
        Assert.Equal("1", locked.Headers.GetValues("Retry-After").Single());
        Assert.Equal((429, 200, 200), ((int)posted.StatusCode, (int)others.StatusCode, (int)later.StatusCode));
    }

    [Fact]
    public async Task Where_the_platform_tells_addresses_guesses_from_one_add_up_over_accounts()
    {
        await using var service = await StartAsync(new() { ["ClientAddress:Header"] = "CLIENT-IP" });
        for (var account = 0; account < 6; account++)
        {
            using var guesser = await service.SignedInAsync();
            guesser.Headers["CLIENT-IP"] = "192.0.2.7";
            using var guess = await guesser.TypeAsync("BCDF-GHJK");
            Assert.Equal(account < 5 ? 400 : 429, (int)guess.StatusCode);
        }
    }

    [Fact]
    public async Task A_code_of_another_site_is_unknown()
    {
        await using var service = await StartAsync();
        using var elsewhere = await service.SignedInAsync(Fabrikam);
        using var here = await service.SignedInAsync();
        var waiting = await here.WaitAsync();

        using var refused = await elsewhere.TypeAsync(waiting.UserCode, Fabrikam);
        using var found = await here.TypeAsync(waiting.UserCode);

        Assert.Equal((400, 200), ((int)refused.StatusCode, (int)found.StatusCode));
    }

    [Fact]
    public async Task Only_a_session_cookie_of_the_site_opens_the_page()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync(Fabrikam);
        var waiting = await person.WaitAsync();

        using var page = await person.TypeAsync(waiting.UserCode);

        Ceremony.Onwards(page, "/signin");
    }
}
