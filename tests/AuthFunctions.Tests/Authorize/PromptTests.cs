using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Authorize.Ceremony;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Authorize;

public class PromptTests
{
    [Fact]
    public async Task Nobody_signed_in_signs_in_on_the_page_and_the_request_survives_it_sealed()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var registered = await service.SignedInAsync(email: email);
        using var browser = service.NewBrowser();

        using var start = await browser.AuthorizeAsync();
        var location = start.Headers.Location!.OriginalString;
        using var end = await browser.SignInOnPageAsync(start, email);

        Assert.DoesNotContain("n-0S6", location, StringComparison.Ordinal);
        Assert.DoesNotContain("demo-spa", location, StringComparison.Ordinal);
        using var tokens = await browser.RedeemAsync(Answered(end)["code"]);
        Assert.Equal("n-0S6_WzA2Mj", (await tokens.JsonAsync()).Claims("id_token").Text("nonce"));
    }

    [Fact]
    public async Task A_login_hint_is_filled_in_on_the_page()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var start = await browser.AuthorizeAsync(("login_hint", "ada@contoso.test"));

        using var page = await browser.GetAsync(Contoso + Onwards(start, "/signin"));

        Assert.Contains("value=\"ada@contoso.test\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sealed_request_that_was_changed_or_is_another_sites_or_too_old_is_refused()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var posted = await browser.FormAsync(Contoso + "/authorize", null, Request());
        var onwards = Onwards(posted, "/authorize");
        using var valid = await browser.GetAsync(Contoso + onwards);
        Assert.NotEmpty(Answered(valid)["code"]);

        using var changed = await browser.GetAsync(Contoso + onwards[..^12] + (onwards[^12] == 'A' ? 'B' : 'A') + onwards[^11..]);
        using var elsewhere = await browser.GetAsync(Fabrikam + onwards);
        using var nonsense = await browser.GetAsync(Contoso + "/authorize?sealed=x");
        service.Clock.Advance(TimeSpan.FromHours(1));
        using var late = await browser.GetAsync(Contoso + onwards);

        await ShownAsync(changed, 400, "invalid_request");
        await ShownAsync(elsewhere, 400, "invalid_request");
        await ShownAsync(nonsense, 400, "invalid_request");
        await ShownAsync(late, 400, "invalid_request");
    }

    [Fact]
    public async Task With_prompt_none_a_living_session_is_enough_and_nobody_signed_in_is_login_required()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var stranger = service.NewBrowser();

        Assert.NotEmpty(await browser.CodeAsync(("prompt", "none")));
        using var response = await stranger.AuthorizeAsync(("prompt", "none"));

        Errs(response, "login_required");
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("prompt", "select_account")]
    [InlineData("max_age", "0")]
    [InlineData("max_age", "59")]
    public async Task Who_signed_in_too_long_ago_signs_in_anew_and_auth_time_tells(string name, string value)
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        service.Clock.Advance(TimeSpan.FromMinutes(1));

        using var start = await browser.AuthorizeAsync((name, value));
        service.Clock.Advance(TimeSpan.FromSeconds(5));
        var signedInAt = service.Clock.GetUtcNow().ToUnixTimeSeconds();
        using var end = await browser.SignInOnPageAsync(start, email);

        using var tokens = await browser.RedeemAsync(Answered(end)["code"]);
        Assert.Equal(signedInAt, (await tokens.JsonAsync()).Claims("id_token").GetProperty("auth_time").GetInt64());
    }

    [Fact]
    public async Task Who_signed_in_within_max_age_is_not_asked_again()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        service.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.NotEmpty(await browser.CodeAsync(("max_age", "60")));
    }

    [Fact]
    public async Task A_sign_in_of_the_same_second_but_before_the_request_does_not_count_as_anew()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        service.Clock.Advance(TimeSpan.FromMilliseconds(300));

        using var response = await browser.AuthorizeAsync(("prompt", "login"));

        Onwards(response, "/signin");
    }

    [Fact]
    public async Task With_prompt_none_a_sign_in_too_long_ago_is_login_required()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        service.Clock.Advance(TimeSpan.FromMinutes(2));

        using var response = await browser.AuthorizeAsync(("prompt", "none"), ("max_age", "60"));

        Errs(response, "login_required");
    }

    [Fact]
    public async Task A_hint_of_the_same_user_will_do_even_expired_and_another_users_will_not()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var other = await service.SignedInAsync();
        var own = (await browser.TokensAsync()).Text("id_token");
        var others = (await other.TokensAsync()).Text("id_token");
        service.Clock.Advance(TimeSpan.FromHours(2));

        Assert.NotEmpty(await browser.CodeAsync(("id_token_hint", own), ("prompt", "none")));
        using var response = await browser.AuthorizeAsync(("id_token_hint", others));

        Errs(response, "login_required");
    }

    [Fact]
    public async Task A_hint_of_the_other_issuer_or_an_access_token_is_no_hint()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var elsewhere = await service.SignedInAsync(Fabrikam);
        using var login = await elsewhere.PostAsync(Fabrikam + "/refresh");
        var foreign = await login.TextAsync("id_token");
        var access = (await browser.TokensAsync()).Text("access_token");

        using var response = await browser.AuthorizeAsync(("id_token_hint", foreign));
        using var wrongKind = await browser.AuthorizeAsync(("id_token_hint", access));

        Errs(response, "invalid_request");
        Errs(wrongKind, "invalid_request");
    }
}
