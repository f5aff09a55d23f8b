using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SignOut;

/// <summary>OpenID Connect RP-Initiated Logout 1.0.</summary>
public class EndSessionTests
{
    private const string Home = ContosoApp + "/";

    [Fact]
    public async Task With_an_ID_token_of_the_person_the_session_ends_at_once_on_every_site()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        await HandOverAsync(browser);
        Assert.True(await LivesAsync(browser, Contoso) && await LivesAsync(browser, Fabrikam));
        var tokens = await browser.TokensAsync();
        service.Clock.Advance(TimeSpan.FromHours(1));

        using var response = await browser.GetAsync(Url(("id_token_hint", tokens.Text("id_token")), ("post_logout_redirect_uri", Home), ("state", "a b")));

        Assert.Equal(303, (int)response.StatusCode);
        Assert.Equal(Home + "?state=a%20b", response.Headers.Location!.OriginalString);
        Assert.Null(browser.Cookie(Contoso, "__Host-sid"));
        Assert.False(await LivesAsync(browser, Fabrikam));
        using var refreshed = await browser.RefreshAsync(tokens.Text("refresh_token"));
        await refreshed.RefusedAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task A_POST_of_a_client_is_answered_without_cookies_and_ends_the_session_by_the_GET_that_follows()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var withoutCookies = service.NewBrowser();
        var hint = (await browser.TokensAsync()).Text("id_token");

        // Across sites the browser keeps its Lax cookies back from the POST.
        using var posted = await withoutCookies.FormAsync(
            Contoso + "/end_session", null, ("id_token_hint", hint), ("post_logout_redirect_uri", Home), ("state", "xyz"));
        var onwards = Ceremony.Onwards(posted, "/end_session");
        Assert.False(posted.Headers.Contains("Set-Cookie"));
        Assert.DoesNotContain("eyJ", onwards, StringComparison.Ordinal);
        using var copy = browser.Copy();
        Assert.True(await LivesAsync(copy, Contoso));
        using var response = await browser.GetAsync(Contoso + onwards);

        Assert.Equal(Home + "?state=xyz", response.Headers.Location!.OriginalString);
        Assert.False(await LivesAsync(copy, Contoso));
    }

    [Fact]
    public async Task A_sealed_request_that_is_another_sites_changed_or_old_is_refused()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var hint = (await browser.TokensAsync()).Text("id_token");
        using var posted = await browser.FormAsync(Contoso + "/end_session", null, ("id_token_hint", hint));
        var onwards = Ceremony.Onwards(posted, "/end_session");

        using var elsewhere = await browser.GetAsync(Fabrikam + onwards);
        using var changed = await browser.GetAsync(Contoso + onwards[..^12] + (onwards[^12] == 'A' ? 'B' : 'A') + onwards[^11..]);
        service.Clock.Advance(TimeSpan.FromMinutes(5));
        using var late = await browser.GetAsync(Contoso + onwards);

        await Ceremony.ShownAsync(elsewhere, 400, "invalid_request");
        await Ceremony.ShownAsync(changed, 400, "invalid_request");
        await Ceremony.ShownAsync(late, 400, "invalid_request");
        Assert.True(await LivesAsync(browser, Contoso));
    }

    [Fact]
    public async Task Another_pages_POST_without_a_hint_takes_no_cookie_away()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var withoutCookies = service.NewBrowser();

        using var posted = await withoutCookies.FormAsync(Contoso + "/end_session", null);
        using var empty = await withoutCookies.FormAsync(Contoso + "/end_session", null, ("state", "x"));
        using var got = await withoutCookies.GetAsync(Contoso + "/end_session");

        foreach (var response in new[] { posted, empty, got })
        {
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }

        using var asked = await browser.GetAsync(Contoso + Ceremony.Onwards(empty, "/end_session"));
        Assert.Contains("Sign out?", await asked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(await LivesAsync(browser, Contoso));
    }

    [Fact]
    public async Task Without_a_hint_the_person_is_asked_and_the_form_ends_the_session()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();

        using var page = await browser.GetAsync(Url(("client_id", "demo-spa"), ("post_logout_redirect_uri", Home), ("state", "xyz")));
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains("Sign out?", html, StringComparison.Ordinal);
        using var copy = browser.Copy();
        Assert.True(await LivesAsync(copy, Contoso));
        using var response = await browser.SubmitAsync(Contoso + "/end_session", html);

        Assert.Equal(Home + "?state=xyz", response.Headers.Location!.OriginalString);
        Assert.Null(browser.Cookie(Contoso, "__Host-sid"));
        Assert.False(await LivesAsync(copy, Contoso));
    }

    [Fact]
    public async Task A_hint_of_somebody_else_asks_and_the_client_it_names_still_counts()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var other = await service.SignedInAsync();
        var hint = (await other.TokensAsync()).Text("id_token");

        using var page = await browser.GetAsync(Url(("id_token_hint", hint), ("post_logout_redirect_uri", Home)));
        Assert.True(await LivesAsync(browser, Contoso));
        using var response = await browser.SubmitAsync(Contoso + "/end_session", await page.Content.ReadAsStringAsync());

        Assert.Equal(Home, response.Headers.Location!.OriginalString);
        Assert.False(await LivesAsync(browser, Contoso));
        Assert.True(await LivesAsync(other, Contoso));
    }

    [Theory]
    [InlineData("csrf")]
    [InlineData("origin")]
    public async Task A_forged_form_ends_nothing(string spoilt)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var page = await browser.GetAsync(Contoso + "/end_session");
        var html = await page.Content.ReadAsStringAsync();
        var token = System.Text.RegularExpressions.Regex.Match(html, "name=\"csrf\" value=\"([^\"]+)\"").Groups[1].Value;

        using var response = spoilt == "csrf"
            ? await browser.SubmitAsync(Contoso + "/end_session", html, ("csrf", token[..^3] + "AAA"))
            : await browser.FormAsync(Contoso + "/end_session", null, ("csrf", token));

        Ceremony.Onwards(response, "/end_session");
        Assert.True(await LivesAsync(browser, Contoso));
        using var honest = await browser.SubmitAsync(Contoso + "/end_session", html);
        Assert.Equal(200, (int)honest.StatusCode);
        Assert.False(await LivesAsync(browser, Contoso));
    }

    [Theory]
    [InlineData("http://app.contoso.localhost:5173")]
    [InlineData("http://app.contoso.localhost:5173/?x=1")]
    [InlineData("http://app.contoso.localhost:5173/callback")]
    [InlineData("https://evil.test/")]
    [InlineData("javascript:alert(1)")]
    public async Task Another_post_logout_URI_is_refused_and_ends_nothing(string uri)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var hint = (await browser.TokensAsync()).Text("id_token");

        using var response = await browser.GetAsync(Url(("id_token_hint", hint), ("post_logout_redirect_uri", uri)));

        await Ceremony.ShownAsync(response, 400, "invalid_request");
        Assert.True(await LivesAsync(browser, Contoso));
    }

    [Fact]
    public async Task Without_a_client_or_with_another_clients_hint_no_URI_is_trusted()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var elsewhere = await service.SignedInAsync(Fabrikam);
        using var refreshed = await elsewhere.PostAsync(Fabrikam + "/refresh");
        var hint = (await browser.TokensAsync()).Text("id_token");

        using var nobody = await browser.GetAsync(Url(("post_logout_redirect_uri", Home)));
        using var others = await browser.GetAsync(Url(("id_token_hint", hint), ("client_id", "demo-web"), ("post_logout_redirect_uri", Home)));
        using var foreign = await browser.GetAsync(Url(("id_token_hint", await refreshed.TextAsync("id_token")), ("client_id", "demo-spa")));
        using var repeated = await browser.GetAsync(Url(("id_token_hint", hint)) + "&state=1&state=2");

        foreach (var response in new[] { nobody, others, foreign, repeated })
        {
            await Ceremony.ShownAsync(response, 400, "invalid_request");
        }

        Assert.True(await LivesAsync(browser, Contoso));
    }

    private static string Url(params (string Name, string? Value)[] parameters) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(
        Contoso + "/end_session", parameters.Select(p => new KeyValuePair<string, string?>(p.Name, p.Value)));

    /// <summary>Whether the session behind the browser's cookies lives.</summary>
    private static async Task<bool> LivesAsync(Browser browser, string site)
    {
        using var response = await browser.PostAsync(site + "/refresh");
        return (int)response.StatusCode == 200;
    }

    private static async Task HandOverAsync(Browser browser)
    {
        var url = Fabrikam + "/handoff/start?from=contoso&return_to=" + Uri.EscapeDataString(FabrikamApp + "/");
        while (!url.StartsWith(FabrikamApp, StringComparison.Ordinal))
        {
            using var response = await browser.GetAsync(url);
            Assert.Equal(303, (int)response.StatusCode);
            url = new Uri(new Uri(url), response.Headers.Location!).AbsoluteUri;
        }
    }
}
