using AuthFunctions.Pages;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Pages;

/// <summary>A form may lead to where its redirects end, and to no place more.</summary>
public sealed class FormActionTests : IAsyncLifetime
{
    private TestService service = null!;

    public async Task InitializeAsync() => service = await StartAsync(new()
    {
        ["Clients:5:RedirectUris:1"] = "http://[::1]/callback",
        ["Clients:5:RedirectUris:2"] = "com.example.app:/callback",
    });

    public async Task DisposeAsync() => await service.DisposeAsync();

    [Theory]
    [InlineData("demo-spa", ContosoApp + "/callback", ContosoApp)]
    [InlineData("demo-partner", "http://127.0.0.1:51004/callback", "http://127.0.0.1:51004")]
    [InlineData("demo-partner", "http://[::1]:51004/callback", "http:")]
    [InlineData("demo-partner", "com.example.app:/callback", "com.example.app:")]
    public async Task Signing_in_for_an_app_may_lead_to_that_app_alone(string client, string redirectUri, string target)
    {
        var email = NewEmail();
        using (await service.SignedInAsync(email: email))
        {
        }

        using var browser = service.NewBrowser();
        using var toSignIn = await browser.AuthorizeAsync(("client_id", client), ("redirect_uri", redirectUri));
        var signin = await PageWalk.ShowAsync("signin", browser.GetAsync(Contoso + Ceremony.Onwards(toSignIn, "/signin")));
        Assert.Equal($"{PagePolicy.Start} {target}", signin.Policy);

        using var back = await browser.SignInOnPageAsync(toSignIn, email);
        if (client == "demo-partner")
        {
            var consent = await PageWalk.ShowAsync("consent", browser.GetAsync(Contoso + Ceremony.Onwards(back, "/consent")));
            Assert.Equal($"{PagePolicy.Start} {target}", consent.Policy);
        }
        else
        {
            Assert.StartsWith(redirectUri, back.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/authorize?sealed=nonsense", "")]
    [InlineData("/device?user_code=BCDF-GHJK", "")]
    [InlineData("/account", "")]
    [InlineData("http://evil.test/", " " + ContosoApp)]
    public async Task What_ends_on_this_host_names_no_other(string returnTo, string targets)
    {
        using var browser = service.NewBrowser();
        foreach (var path in new[] { "/signin", "/signup" })
        {
            var page = await PageWalk.ShowAsync(path, browser.GetAsync($"{Contoso}{path}?return_to={Uri.EscapeDataString(returnTo)}"));
            Assert.Equal(PagePolicy.Start + targets, page.Policy);
        }
    }

    [Theory]
    [InlineData("https://app.contoso.com/callback?x=1", "https://app.contoso.com")]
    [InlineData("http://127.0.0.1:5/x", "http://127.0.0.1:5")]
    [InlineData("http://[::1]:5/x", "http:")]
    [InlineData("com.example.app:/x", "com.example.app:")]
    public void A_source_is_an_origin_or_a_scheme(string url, string source) => Assert.Equal(source, FormTarget.Of(url));
}
