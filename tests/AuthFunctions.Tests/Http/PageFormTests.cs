using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Sessions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Http;

/// <summary>The sign-in page's form, from another page or another browser.</summary>
public class PageFormTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    [Theory]
    [InlineData("http://evil.test")]
    [InlineData("null")]
    [InlineData(ContosoApp)]
    [InlineData(Fabrikam)]
    [InlineData(null)]
    public async Task A_form_must_come_from_the_auth_hosts_own_origin(string? origin)
    {
        var (browser, form) = await PageAsync();
        using var refused = await SendAsync(browser, form, origin);

        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Contains("Origin is not the auth host's own", service.LastRefusal(), StringComparison.Ordinal);
        Assert.Null(browser.Cookie(Contoso, "__Host-sid"));

        using var valid = await SendAsync(browser, form, Contoso);
        Assert.Equal(303, (int)valid.StatusCode);
        Assert.NotNull(browser.Cookie(Contoso, "__Host-sid"));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("nonsense")]
    [InlineData("another browser's")]
    [InlineData("cookie missing")]
    public async Task A_form_must_carry_this_browsers_token(string spoiled)
    {
        var (browser, form) = await PageAsync();
        var (_, other) = await PageAsync();
        var spoiltForm = spoiled switch
        {
            "missing" => form.Where(f => f.Key != "csrf").ToDictionary(),
            "empty" => new(form) { ["csrf"] = "" },
            "nonsense" => new(form) { ["csrf"] = "nonsense" },
            "another browser's" => new(form) { ["csrf"] = other["csrf"] },
            _ => form,
        };
        using var sender = spoiled == "cookie missing" ? service.NewBrowser() : browser.Copy();

        using var refused = await SendAsync(sender, spoiltForm, Contoso);

        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Contains("anti-forgery token", service.LastRefusal(), StringComparison.Ordinal);
        Assert.Null(sender.Cookie(Contoso, "__Host-sid"));
        using var valid = await SendAsync(browser, form, Contoso);
        Assert.Equal(303, (int)valid.StatusCode);
    }

    [Fact]
    public async Task The_anti_forgery_cookie_is_host_bound_and_the_page_lets_the_form_name_its_origin()
    {
        using var browser = service.NewBrowser();

        using var page = await browser.GetAsync(Contoso + "/signin");

        var cookie = Assert.Single(page.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^__Host-csrf=[^;]+; path=/; secure; samesite=lax; httponly$", cookie);
        Assert.Equal("same-origin", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("no-store", page.Headers.CacheControl!.ToString());
        Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    private async Task<(Browser Browser, Dictionary<string, string> Form)> PageAsync()
    {
        var email = NewEmail();
        using (await service.SignedInAsync(email: email))
        {
        }

        var browser = service.NewBrowser();
        using var page = await browser.GetAsync(Contoso + "/signin");
        var token = System.Text.RegularExpressions.Regex.Match(await page.Content.ReadAsStringAsync(), "name=\"csrf\" value=\"([^\"]+)\"").Groups[1].Value;
        Assert.NotEmpty(token);
        return (browser, new() { ["email"] = email, ["password"] = Password, ["csrf"] = token });
    }

    private static Task<HttpResponseMessage> SendAsync(Browser browser, Dictionary<string, string> form, string? origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Contoso + "/signin") { Content = new FormUrlEncodedContent(form) };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return browser.SendAsync(request);
    }
}
