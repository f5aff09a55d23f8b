using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SignIn;

public class SigninPageTests
{
    private const string Url = Contoso + "/signin";

    [Fact]
    public async Task The_page_signs_in_without_JavaScript_and_goes_where_it_was_asked_to()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        using var browser = service.NewBrowser();
        using var form = await browser.GetAsync(Url + "?return_to=" + Uri.EscapeDataString(ContosoApp + "/orders?id=7"));

        using var signedIn = await browser.SubmitAsync(Url, await form.Content.ReadAsStringAsync(), ("email", email), ("password", Password));

        Assert.Equal(303, (int)signedIn.StatusCode);
        Assert.Equal(ContosoApp + "/orders?id=7", signedIn.Headers.Location!.ToString());
        using var session = await browser.GetAsync(Contoso + "/session?fresh=1");
        Assert.Equal(200, (int)session.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.test/")]
    [InlineData("//evil.test/")]
    [InlineData("/\\evil.test/")]
    [InlineData("http://app.contoso.localhost:5173.evil.test/")]
    [InlineData("http://app.contoso.localhost:5173@evil.test/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/handoff?to=evil")]
    [InlineData(FabrikamApp + "/")]
    public async Task An_unknown_place_to_go_to_is_replaced_by_the_site_s_home(string returnTo)
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        using var browser = service.NewBrowser();
        using var form = await browser.GetAsync(Url);

        using var signedIn = await browser.SubmitAsync(
            Url, await form.Content.ReadAsStringAsync(), ("email", email), ("password", Password), ("return_to", returnTo));

        Assert.Equal(303, (int)signedIn.StatusCode);
        Assert.Equal(ContosoApp + "/", signedIn.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_refusal_is_shown_on_the_page_which_escapes_what_was_typed()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var form = await browser.GetAsync(Url);
        var page = await form.Content.ReadAsStringAsync();

        using var wrong = await browser.SubmitAsync(Url, page, ("email", NewEmail()), ("password", "wrong wrong wrong"));
        using var malformed = await browser.SubmitAsync(Url, page, ("email", "\"><script>alert(1)</script>"), ("password", "x"));

        Assert.Equal((401, 400), ((int)wrong.StatusCode, (int)malformed.StatusCode));
        Assert.Contains("The e-mail address or the password is wrong.", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", await malformed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(browser.Cookie(Contoso, "__Host-sid"));
    }

    [Fact]
    public async Task Failures_on_the_page_count_with_those_elsewhere()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = service.NewBrowser();
        using var form = await browser.GetAsync(Url);
        var page = await form.Content.ReadAsStringAsync();
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await browser.SubmitAsync(Url, page, ("email", email), ("password", "wrong wrong wrong"));
            Assert.Equal(401, (int)wrong.StatusCode);
        }

        using var onPage = await browser.SubmitAsync(Url, page, ("email", email), ("password", Password));
        using var elsewhere = await browser.PostAsync(Contoso + "/login", new { email, password = Password });

        Assert.Equal(429, (int)onPage.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), onPage.Headers.RetryAfter!.Delta);
        await elsewhere.RefusedAsync(429, "too_many_attempts");
    }
}
