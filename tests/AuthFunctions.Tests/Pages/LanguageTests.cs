using AuthFunctions.Pages;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Pages;

/// <summary>Whose word counts for the language of a page: the request's, the person's in this browser, the browser's.</summary>
public class LanguageTests(Handoff.HandoffService shared) : IClassFixture<Handoff.HandoffService>
{
    private readonly TestService service = shared.Service;

    [Theory]
    [InlineData("fr", "de", "ja", "fr")]
    [InlineData("pt fr-CA", "de", "ja", "fr")]
    [InlineData("tlh", "de", "ja", "de")]
    [InlineData(null, "de", "ja", "de")]
    [InlineData(null, "nonsense", "ja", "ja")]
    [InlineData(null, null, "es-MX, ja;q=0.5", "es")]
    [InlineData(null, null, null, "en")]
    public async Task The_address_counts_before_the_cookie_and_that_before_the_browser(string? asked, string? cookie, string? accepted, string language)
    {
        using var browser = service.NewBrowser();
        if (accepted is not null)
        {
            browser.Headers["Accept-Language"] = accepted;
        }

        using var request = new HttpRequestMessage(
            HttpMethod.Get, Contoso + "/signin" + (asked is null ? "" : "?ui_locales=" + Uri.EscapeDataString(asked)));
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", "__Host-lang=" + cookie);
        }

        var page = await PageWalk.ShowAsync("signin", browser.SendAsync(request));

        Assert.Equal(language, page.Language);
        Assert.Equal(new PageTexts(language).Of("SignIn_Title", "Contoso"), page.Html.Of("h1").Single());
    }

    [Fact]
    public async Task A_language_that_is_picked_is_kept_and_leads_back_to_the_page()
    {
        using var browser = service.NewBrowser();
        var back = "/signin?ui_locales=fr&return_to=" + Uri.EscapeDataString(ContosoApp + "/orders?id=7");

        using var picked = await browser.GetAsync($"{Contoso}/language?ui_locales=de&return_to={Uri.EscapeDataString(back)}");

        Assert.Equal((303, back.Replace("ui_locales=fr&", "", StringComparison.Ordinal)), ((int)picked.StatusCode, picked.Headers.Location!.OriginalString));
        Assert.Matches(
            "^__Host-lang=de; max-age=31536000; path=/; secure; samesite=lax; httponly$", Assert.Single(picked.Headers.GetValues("Set-Cookie")).ToString());
        Assert.Equal("de", (await PageWalk.ShowAsync("signin", browser.GetAsync(Contoso + "/signin"))).Language);
    }

    [Theory]
    [InlineData("https://evil.test/")]
    [InlineData("//evil.test/")]
    [InlineData("/\\evil.test/")]
    [InlineData("/x\r\nSet-Cookie: a=b")]
    [InlineData("evil")]
    [InlineData("")]
    public async Task Picking_a_language_leads_to_no_other_host(string returnTo)
    {
        using var browser = service.NewBrowser();

        using var picked = await browser.GetAsync($"{Contoso}/language?ui_locales=de&return_to={Uri.EscapeDataString(returnTo)}");

        Assert.Equal((303, "/signin"), ((int)picked.StatusCode, picked.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task A_language_that_is_not_offered_is_not_kept()
    {
        using var browser = service.NewBrowser();
        using var picked = await browser.GetAsync(Contoso + "/language?ui_locales=tlh&return_to=/forgot");

        Assert.Equal("/forgot", picked.Headers.Location!.OriginalString);
        Assert.False(picked.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task What_an_authorization_request_asks_for_reaches_the_form_its_errors_and_its_links()
    {
        using var browser = service.NewBrowser();
        using var toSignIn = await browser.AuthorizeAsync(("ui_locales", "ja"));
        var page = await PageWalk.ShowAsync("signin", browser.GetAsync(Contoso + Ceremony.Onwards(toSignIn, "/signin")));
        Assert.Equal("ja", page.Language);
        Assert.Contains("href=\"/forgot?ui_locales=ja\"", page.Html, StringComparison.Ordinal);

        var again = await PageWalk.ShowAsync(
            "wrong", browser.SubmitAsync(Contoso + "/signin", page.Html, ("email", NewEmail()), ("password", "wrong")));

        Assert.Equal(("ja", 401), (again.Language, again.Status));
        Assert.Contains(new PageTexts("ja").Of("Problem_invalid_credentials"), System.Net.WebUtility.HtmlDecode(again.Html), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_is_in_the_language_of_the_page_that_asked_for_it()
    {
        await using var own = await StartAsync();
        var email = NewEmail();
        using var owner = await own.SignedInAsync(email: email);
        using var browser = own.NewBrowser();
        browser.Headers["Accept-Language"] = "en";
        using var form = await browser.GetAsync(Contoso + "/forgot?ui_locales=fr");
        using var asked = await browser.SubmitAsync(Contoso + "/forgot", await form.Content.ReadAsStringAsync(), ("email", email));
        await own.DeliverAsync();

        Assert.Equal("fr", Assert.Single(own.Mails).Language);
    }

    [Fact]
    public async Task Moments_are_written_as_the_language_does_and_the_page_of_an_address_that_opens_once_leads_nowhere_back()
    {
        using var person = await service.SignedInAsync();
        person.Headers["Accept-Language"] = "de";
        var account = await PageWalk.ShowAsync("account", person.GetAsync(Contoso + "/account"));
        var once = await PageWalk.ShowAsync("form post", person.GetAsync(Ceremony.Url(("response_mode", "form_post"))));

        Assert.Matches("""<time datetime="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ">\d{1,2}\. \w+ \d{4}, \d\d:\d\d \(UTC\)</time>""", System.Net.WebUtility.HtmlDecode(account.Html));
        Assert.Contains("action=\"/language\"", account.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"/language\"", once.Html, StringComparison.Ordinal);
    }
}
