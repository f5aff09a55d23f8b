using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Sessions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Http;

public class CorsTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    public static TheoryData<string> Strangers =>
    [
        "http://evil.test", "null", FabrikamApp, "HTTP://APP.CONTOSO.LOCALHOST:5173", "http://App.contoso.localhost:5173", "http://app.contoso.localhost.:5173",
        "http://app.contoso.localhost:5173.evil.test", "http://app.contoso.localhost", "https://app.contoso.localhost:5173", "http://app.contoso.localhost:51730",
        "http://x.app.contoso.localhost:5173", "http://evilapp.contoso.localhost:5173", "http://contoso.localhost:5173", "http://app.contoso.localhost:5173/",
        "http://app.contoso.localhost:5173, http://evil.test", "*", Contoso,
    ];

    [Theory]
    [InlineData("/login", "POST")]
    [InlineData("/register", "POST")]
    [InlineData("/refresh", "POST")]
    [InlineData("/logout", "POST")]
    [InlineData("/logout/all", "POST")]
    [InlineData("/session", "GET")]
    [InlineData("/sessions", "GET")]
    [InlineData("/sessions/abc", "DELETE")]
    public async Task A_frontend_of_the_site_may_call_with_credentials(string path, string methods)
    {
        using var preflight = await AskAsync("OPTIONS", Contoso + path, ContosoApp);
        using var actual = await AskAsync(methods, Contoso + path, ContosoApp);

        Assert.Equal(204, (int)preflight.StatusCode);
        Assert.Equal(ContosoApp, Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(preflight, "Access-Control-Allow-Credentials"));
        Assert.Equal(methods, Header(preflight, "Access-Control-Allow-Methods"));
        Assert.Equal("Authorization, Content-Type, DPoP, X-Requested-With", Header(preflight, "Access-Control-Allow-Headers"));
        Assert.Equal(ContosoApp, Header(actual, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(actual, "Access-Control-Allow-Credentials"));
        Assert.Equal("Origin", Header(preflight, "Vary"));
        Assert.Equal("Origin", Header(actual, "Vary"));
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task No_other_origin_is_ever_reflected(string origin)
    {
        foreach (var (method, path) in new[]
        {
            ("POST", "/login"), ("GET", "/session"), ("DELETE", "/sessions/abc"), ("POST", "/introspect"), ("GET", "/signin"), ("GET", "/handoff"),
            ("GET", "/manage/users"), ("GET", "/health"), ("GET", "/nowhere"),
        })
        {
            using var preflight = await AskAsync("OPTIONS", Contoso + path, origin);
            using var actual = await AskAsync(method, Contoso + path, origin);
            foreach (var response in new[] { preflight, actual })
            {
                Assert.DoesNotContain(response.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
                Assert.Equal("Origin", response.Headers.GetValues("Vary").First());
            }
        }
    }

    [Theory]
    [InlineData("/token", ContosoApp)]
    [InlineData("/revoke", ContosoApp)]
    public async Task A_browser_clients_origin_may_call_without_credentials(string path, string origin)
    {
        using var preflight = await AskAsync("OPTIONS", Contoso + path, origin);
        using var actual = await AskAsync("POST", Contoso + path, origin);

        foreach (var response in new[] { preflight, actual })
        {
            Assert.Equal(origin, Header(response, "Access-Control-Allow-Origin"));
            Assert.Null(Header(response, "Access-Control-Allow-Credentials"));
            Assert.Equal("Origin", Header(response, "Vary"));
        }

        Assert.Equal("POST", Header(preflight, "Access-Control-Allow-Methods"));
    }

    [Theory]
    [InlineData("http://evil.test")]
    [InlineData("null")]
    [InlineData("http://app.contoso.localhost:5173.evil.test")]
    [InlineData("http://app.contoso.localhost:5173/callback")]
    [InlineData("HTTP://app.contoso.localhost:5173")]
    public async Task No_other_origin_may_read_what_clients_get(string origin)
    {
        foreach (var path in new[] { "/token", "/revoke", "/introspect" })
        {
            using var preflight = await AskAsync("OPTIONS", Contoso + path, origin);
            using var actual = await AskAsync("POST", Contoso + path, origin);
            Assert.Null(Header(preflight, "Access-Control-Allow-Origin"));
            Assert.Null(Header(actual, "Access-Control-Allow-Origin"));
            Assert.Equal("Origin", Header(actual, "Vary"));
        }
    }

    [Fact]
    public async Task A_clients_origin_at_one_site_is_none_at_a_site_without_the_client()
    {
        using var contoso = await AskAsync("OPTIONS", Contoso + "/token", "http://127.0.0.1");
        using var fabrikam = await AskAsync("OPTIONS", Fabrikam + "/token", "http://127.0.0.1");

        Assert.Equal("http://127.0.0.1", Header(contoso, "Access-Control-Allow-Origin"));
        Assert.Null(Header(fabrikam, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("http://evil.test")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Anyone_may_read_the_keys_and_no_one_with_credentials(string? origin)
    {
        using var actual = await AskAsync("GET", Contoso + "/.well-known/jwks.json", origin);

        await actual.IsAsync(200);
        Assert.Equal("*", Header(actual, "Access-Control-Allow-Origin"));
        Assert.Null(Header(actual, "Access-Control-Allow-Credentials"));
        Assert.Equal("Origin", Header(actual, "Vary"));
    }

    [Fact]
    public async Task A_refusal_can_be_read_by_the_frontend_and_tells_it_when_to_retry()
    {
        service.Faults["Users"].ReadsFail = true;
        using var browser = service.NewBrowser();
        using var unavailable = await browser.WithCookieAsync(
            HttpMethod.Post, Contoso + "/refresh", "__Host-sid=sid_" + System.Buffers.Text.Base64Url.EncodeToString(new byte[64]));
        service.Faults["Users"].ReadsFail = false;

        await unavailable.RefusedAsync(503, "unavailable");
        Assert.Equal(ContosoApp, Header(unavailable, "Access-Control-Allow-Origin"));
        Assert.Contains("Retry-After", Header(unavailable, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Equal("Origin", Header(unavailable, "Vary"));
    }

    private async Task<HttpResponseMessage> AskAsync(string method, string url, string? origin)
    {
        using var browser = service.NewBrowser();
        var request = new HttpRequestMessage(new HttpMethod(method), url);
        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

        if (method == "OPTIONS")
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
        }

        return await browser.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(" | ", values) : null;
}
