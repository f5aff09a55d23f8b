using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Sessions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Http;

/// <summary>Cookies that a subdomain planted beside, or instead of, the site's own.</summary>
public class RepeatedCookieTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    [Theory]
    [InlineData("{0}={1}; {0}={2}")]
    [InlineData("{0}={2}; a=b; {0}={1}")]
    [InlineData("{0}={1}; {0}={1}")]
    [InlineData("{0}={1}; {0}=")]
    [InlineData("{0}={1}; {0}")]
    [InlineData("{0}={1};{0} ={2}")]
    public async Task Two_cookies_of_one_name_are_refused(string cookies)
    {
        using var browser = await service.SignedInAsync();
        using var other = await service.SignedInAsync();

        foreach (var name in new[] { "__Host-sid", "__Secure-at" })
        {
            var (own, foreign) = (browser.Cookie(Contoso, name), other.Cookie(Contoso, name));
            foreach (var (method, path) in new[] { (HttpMethod.Get, "/session"), (HttpMethod.Post, "/refresh"), (HttpMethod.Post, "/logout") })
            {
                using var refused = await browser.WithCookieAsync(
                    method, Contoso + path, string.Format(System.Globalization.CultureInfo.InvariantCulture, cookies, name, own, foreign));
                await refused.RefusedAsync(400, "repeated_cookie");
            }
        }

        await browser.WhoAsync();
        await other.WhoAsync();
    }

    [Theory]
    [InlineData("__HOST-SID={0}; __Host-sid={0}")]
    [InlineData("__host-sid={0}; __Host-sid={0}")]
    public async Task Names_that_differ_in_case_are_one_name(string cookies)
    {
        using var browser = await service.SignedInAsync();

        using var refused = await browser.WithCookieAsync(
            HttpMethod.Post, Contoso + "/refresh",
            string.Format(System.Globalization.CultureInfo.InvariantCulture, cookies, browser.Cookie(Contoso, "__Host-sid")));

        await refused.RefusedAsync(400, "repeated_cookie");
    }

    /// <summary>
    /// A cookie of any name may hold spaces, commas and quotes, and the server's parser goes on behind them: a subdomain, which cannot set
    /// a <c>__Host-</c> cookie, could otherwise write one into the value of its own.
    /// </summary>
    [Theory]
    [InlineData("a=b, __Host-sid={0}")]
    [InlineData("a=b,__Host-sid={0}")]
    [InlineData("a=b __Host-sid={0}")]
    [InlineData("a=\"b\"__Host-sid={0}")]
    [InlineData("a=b\"__Host-sid={0}")]
    [InlineData("a=, __HOST-sid={0}")]
    [InlineData("__Host-device=x, __Host-sid={0}")]
    public async Task A_cookie_hidden_in_the_value_of_another_is_none(string cookies)
    {
        using var planted = await service.SignedInAsync();
        using var victim = await service.SignedInAsync();
        var hidden = string.Format(System.Globalization.CultureInfo.InvariantCulture, cookies, planted.Cookie(Contoso, "__Host-sid"));
        var own = "__Host-sid=" + victim.Cookie(Contoso, "__Host-sid");

        foreach (var cookie in new[] { hidden, own + "; " + hidden, hidden + "; " + own })
        {
            using var refused = await victim.WithCookieAsync(HttpMethod.Get, Contoso + "/sessions", cookie);
            await refused.RefusedAsync(400, "repeated_cookie");
        }

        using var valid = await victim.WithCookieAsync(HttpMethod.Get, Contoso + "/sessions", "a=b, c; " + own);
        await valid.IsAsync(200);
    }

    [Fact]
    public async Task Other_cookies_of_one_name_are_the_sites_own_business()
    {
        using var browser = await service.SignedInAsync();

        using var valid = await browser.WithCookieAsync(
            HttpMethod.Post, Contoso + "/refresh", $"theme=a; theme=b; __Host-sid={browser.Cookie(Contoso, "__Host-sid")}");

        await valid.IsAsync(200);
    }
}
