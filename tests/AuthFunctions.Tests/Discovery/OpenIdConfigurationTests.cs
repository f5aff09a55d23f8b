using AuthFunctions.Protocol;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Discovery;

public class OpenIdConfigurationTests
{
    [Theory]
    [InlineData(Contoso)]
    [InlineData(Fabrikam)]
    public async Task Each_site_tells_exactly_what_its_issuer_supports(string site)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var response = await browser.GetAsync(site + "/.well-known/openid-configuration");
        using var rfc8414 = await browser.GetAsync(site + "/.well-known/oauth-authorization-server");
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("public, max-age=3600", response.Headers.CacheControl!.ToString());
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(body, await rfc8414.Content.ReadAsStringAsync());
        var json = await response.JsonAsync();
        Assert.Equal(site, json.Text("issuer"));
        Assert.Equal("""["authorization_code","client_credentials","refresh_token","urn:ietf:params:oauth:grant-type:device_code","urn:ietf:params:oauth:grant-type:jwt-bearer","urn:ietf:params:oauth:grant-type:token-exchange"]""", json.GetProperty("grant_types_supported").GetRawText());
        Assert.Equal("""["code"]""", json.GetProperty("response_types_supported").GetRawText());
        Assert.Equal("""["S256"]""", json.GetProperty("code_challenge_methods_supported").GetRawText());
        Assert.Equal("""["ES256"]""", json.GetProperty("id_token_signing_alg_values_supported").GetRawText());
        Assert.Equal("""["ES256"]""", json.GetProperty("dpop_signing_alg_values_supported").GetRawText());
        Assert.Equal("""["query","form_post"]""", json.GetProperty("response_modes_supported").GetRawText());
        Assert.Equal(
            """["openid","profile","email","offline_access","orders.read","orders.write"]""", json.GetProperty("scopes_supported").GetRawText());
        Assert.True(json.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        Assert.False(json.GetProperty("request_uri_parameter_supported").GetBoolean());
        Assert.True(json.GetProperty("request_parameter_supported").GetBoolean());
        Assert.Equal("""["ES256","PS256","RS256"]""", json.GetProperty("request_object_signing_alg_values_supported").GetRawText());
        Assert.True(json.GetProperty("claims_parameter_supported").GetBoolean());
        Assert.Equal("""["pwd"]""", json.GetProperty("acr_values_supported").GetRawText());
        Assert.Equal("""["en","de","fr","es","ja"]""", json.GetProperty("ui_locales_supported").GetRawText());
        Assert.DoesNotContain("none", json.GetProperty("introspection_endpoint_auth_methods_supported").EnumerateArray().Select(m => m.GetString()));
    }

    [Fact]
    public async Task Every_endpoint_that_is_listed_answers_under_the_sites_own_host()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        foreach (var site in new[] { Contoso, Fabrikam })
        {
            using var response = await browser.GetAsync(site + "/.well-known/openid-configuration");
            var endpoints = (await response.JsonAsync()).EnumerateObject().Where(m => m.Name.EndsWith("_endpoint", StringComparison.Ordinal) || m.Name == "jwks_uri").ToList();
            Assert.Equal(9, endpoints.Count);
            foreach (var endpoint in endpoints)
            {
                Assert.StartsWith(site + "/", endpoint.Value.GetString(), StringComparison.Ordinal);
                using var options = await browser.SendAsync(new(HttpMethod.Options, endpoint.Value.GetString()));
                Assert.True((int)options.StatusCode == 204, endpoint.Name);
            }
        }
    }

    [Fact]
    public async Task Each_listed_grant_type_is_known_and_the_unlisted_ones_are_not()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var response = await browser.GetAsync(Contoso + "/.well-known/openid-configuration");
        var listed = (await response.JsonAsync()).GetProperty("grant_types_supported").EnumerateArray().Select(g => g.GetString()!).ToList();

        foreach (var grant in listed.Append("password").Append("implicit").Append("urn:ietf:params:oauth:grant-type:saml2-bearer"))
        {
            using var asked = await browser.FormAsync(Contoso + "/token", ("demo-web", "demo-web-secret"), ("grant_type", grant));
            Assert.Equal(listed.Contains(grant), await asked.TextAsync("error") != "unsupported_grant_type");
        }

        Assert.Contains(GrantTypes.AuthorizationCode, listed);
    }

    [Fact]
    public async Task A_known_ETag_is_answered_304()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var first = await browser.GetAsync(Contoso + "/.well-known/openid-configuration");
        var again = new HttpRequestMessage(HttpMethod.Get, Contoso + "/.well-known/openid-configuration");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await browser.SendAsync(again);

        Assert.Equal(304, (int)second.StatusCode);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
    }
}
