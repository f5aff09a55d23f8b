using AuthFunctions.Tests.Authorize;
using Microsoft.Extensions.Options;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Clients;

/// <summary>RFC 9700 §2.1: exact, but for the port of a native app on loopback (RFC 8252 §7.3).</summary>
public class RedirectUriTests
{
    private static readonly Dictionary<string, string?> WithIPv6 = new() { ["Clients:5:RedirectUris:1"] = "http://[::1]/callback" };

    [Theory]
    [InlineData("http://127.0.0.1/callback")]
    [InlineData("http://127.0.0.1:80/callback")]
    [InlineData("http://127.0.0.1:51004/callback")]
    [InlineData("http://[::1]:51004/callback")]
    public async Task On_loopback_any_port_will_do(string uri)
    {
        await using var service = await StartAsync(WithIPv6);
        using var browser = service.NewBrowser();

        using var response = await browser.AuthorizeAsync(("client_id", "demo-partner"), ("redirect_uri", uri));

        Ceremony.Onwards(response, "/signin");
    }

    [Fact]
    public async Task On_loopback_everything_but_the_port_is_exact()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        foreach (var uri in new[]
        {
            "http://localhost:51004/callback", "http://[::1]:51004/callback", "https://127.0.0.1:51004/callback", "http://127.0.0.2:51004/callback",
            "http://127.0.0.1:51004/other", "http://127.0.0.1:51004/callback/", "http://127.0.0.1:51004/callback?a=b", "http://127.0.0.1:51004/callback#f",
            "http://127.0.0.1:051004/callback", "http://127.1:51004/callback", "http://2130706433:51004/callback", "http://127.0.0.1.evil.test:51004/callback",
            "http://127.0.0.1:51004@evil.test/callback", "http://evil@127.0.0.1:51004/callback", "HTTP://127.0.0.1:51004/callback",
            "http://127.0.0.1:51004/a/../callback", "http://127.0.0.1:51004\\callback", " http://127.0.0.1:51004/callback",
        })
        {
            using var response = await browser.AuthorizeAsync(("client_id", "demo-partner"), ("redirect_uri", uri));
            Assert.True((int)response.StatusCode == 400, $"{uri}: {(int)response.StatusCode}");
        }
    }

    [Fact]
    public async Task Elsewhere_all_of_it_is_exact()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var exact = await browser.AuthorizeAsync(("redirect_uri", "http://app.contoso.localhost:5173/callback"));
        Ceremony.Onwards(exact, "/signin");
        foreach (var uri in new[]
        {
            "http://app.contoso.localhost:5173/callback/", "http://app.contoso.localhost:5173/Callback", "http://app.contoso.localhost:5173/callback?x=1",
            "http://app.contoso.localhost:5173/callback#x", "http://app.contoso.localhost:5174/callback", "https://app.contoso.localhost:5173/callback",
            "http://app.contoso.localhost.evil.test:5173/callback", "http://evil.app.contoso.localhost:5173/callback", "http://app.contoso.localhost:5173",
            "http://x@app.contoso.localhost:5173/callback", "http://app.contoso.localhost:5173/x/../callback", "http://APP.contoso.localhost:5173/callback",
            "http://app.contoso.localhost:5173/callback%00", "//app.contoso.localhost:5173/callback", "/callback",
        })
        {
            using var response = await browser.AuthorizeAsync(("redirect_uri", uri));
            Assert.True((int)response.StatusCode == 400, $"{uri}: {(int)response.StatusCode}");
        }
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("https://app.example/callback#fragment")]
    [InlineData("/callback")]
    public async Task The_service_does_not_start_with_a_redirect_URI_that_is_unsafe_or_no_absolute_URI(string uri)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(new() { ["Clients:0:RedirectUris:0"] = uri }));

        Assert.Contains("Clients:0 (demo-spa):RedirectUris", fault.Message, StringComparison.Ordinal);
    }
}
