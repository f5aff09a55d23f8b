using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Discovery;

public class JwksTests
{
    private const string Url = Contoso + "/.well-known/jwks.json";

    [Fact]
    public async Task The_key_set_shows_public_members_alone()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var response = await browser.GetAsync(Url);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/jwk-set+json", response.Content.Headers.ContentType!.ToString());
        var body = await response.JsonAsync();
        Assert.Equal("keys", body.Members());
        var key = Assert.Single(body.GetProperty("keys").EnumerateArray().ToList());
        Assert.Equal("alg crv kid kty use x y", key.Members());
        Assert.Equal(
            ("ES256", "P-256", service.Keys.Kid, "EC", "sig"),
            (key.Text("alg"), key.Text("crv"), key.Text("kid"), key.Text("kty"), key.Text("use")));
    }

    [Fact]
    public async Task Anyone_may_cache_it_and_ask_whether_it_changed()
    {
        await using var service = await StartAsync(new() { ["Keys:JwksCacheLifetime"] = "00:10:00" });
        using var browser = service.NewBrowser();
        using var first = await browser.GetAsync(Url);
        var etag = first.Headers.ETag!.ToString();

        Assert.Equal("public, max-age=600", first.Headers.CacheControl!.ToString());
        Assert.Equal("nosniff", Assert.Single(first.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("*", Assert.Single(first.Headers.GetValues("Access-Control-Allow-Origin")));
        foreach (var known in new[] { etag, "\"old\", " + etag, "*" })
        {
            using var same = await AskAsync(browser, known);
            Assert.Equal(304, (int)same.StatusCode);
            Assert.Equal("", await same.Content.ReadAsStringAsync());
            Assert.Equal((etag, "public, max-age=600"), (same.Headers.ETag!.ToString(), same.Headers.CacheControl!.ToString()));
        }

        using var other = await AskAsync(browser, "\"old\"");
        Assert.Equal(200, (int)other.StatusCode);
    }

    [Fact]
    public async Task An_hour_is_the_default_and_every_site_shows_the_same()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var contoso = await browser.GetAsync(Url);
        using var fabrikam = await browser.GetAsync(Fabrikam + "/.well-known/jwks.json");

        Assert.Equal("public, max-age=3600", contoso.Headers.CacheControl!.ToString());
        Assert.Equal(await contoso.Content.ReadAsStringAsync(), await fabrikam.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> AskAsync(Browser browser, string etag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url);
        request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        return await browser.SendAsync(request);
    }
}
