using System.Text;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Clients;

/// <summary>RFC 6749 §2.3, by secret and by name; assertions are tested in <see cref="PrivateKeyJwtTests"/>.</summary>
public class ClientAuthenticationTests
{
    [Fact]
    public async Task A_secret_is_accepted_by_Basic_and_in_the_body()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var basic = await SendAsync(browser, "Basic " + Base64("demo-machine:demo-machine-secret"));
        using var named = await SendAsync(browser, "basic " + Base64("demo-machine:demo-machine-secret"), ("client_id", "demo-machine"));
        using var post = await SendAsync(browser, null, ("client_id", "demo-machine"), ("client_secret", "demo-machine-secret"));

        Assert.All([basic, named, post], response => Assert.Equal(200, (int)response.StatusCode));
    }

    [Fact]
    public async Task Basic_is_form_decoded_after_it_was_split()
    {
        const string Secret = "a:b c+d%é";
        await using var service = await StartAsync(OAuthCalls.Client(
            "odd:client", Secret, ("GrantTypes:0", "client_credentials"), ("Scopes:0", "orders.read")));
        using var browser = service.NewBrowser();

        using var encoded = await SendAsync(browser, "Basic " + Base64("odd%3Aclient:a%3Ab+c%2Bd%25%C3%A9"));
        using var raw = await SendAsync(browser, "Basic " + Base64("odd:client:" + Secret));

        Assert.Equal(200, (int)encoded.StatusCode);
        await raw.RefusedAsync(401, "invalid_client");
    }

    [Theory]
    [InlineData("demo-machine:wrong", "wrong secret")]
    [InlineData("demo-machine:", "wrong secret")]
    [InlineData("demo-machine:demo-web-secret", "wrong secret")]
    [InlineData("Demo-machine:demo-machine-secret", "unknown client")]
    [InlineData("nobody:demo-machine-secret", "unknown client")]
    [InlineData("first-party:", "unknown client")]
    [InlineData("demo-spa:", "wrong secret")]
    [InlineData("demo-spa:guess", "wrong secret")]
    [InlineData("demo-machine", "malformed Authorization header")]
    public async Task Wrong_credentials_are_refused_by_the_same_words_whatever_is_wrong(string credentials, string reason)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var response = await SendAsync(browser, "Basic " + Base64(credentials));

        Assert.Equal(
            """{"error":"invalid_client","error_description":"client authentication failed"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("Basic", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        service.AssertReason(reason);
    }

    [Theory]
    [InlineData("Basic %%%")]
    [InlineData("Basic")]
    [InlineData("Bearer x")]
    [InlineData("Negotiate YII")]
    public async Task Another_Authorization_header_is_refused(string header)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var response = await SendAsync(browser, header, ("client_id", "demo-machine"));

        await response.RefusedAsync(401, "invalid_client");
    }

    [Fact]
    public async Task Two_ways_at_once_are_refused_though_each_is_right()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var twice = await SendAsync(
            browser, "Basic " + Base64("demo-machine:demo-machine-secret"), ("client_id", "demo-machine"), ("client_secret", "demo-machine-secret"));
        using var withAssertion = await SendAsync(
            browser, null, ("client_id", "demo-machine"), ("client_secret", "demo-machine-secret"), ("client_assertion", "x"));

        await twice.RefusedAsync(400, "invalid_request");
        await withAssertion.RefusedAsync(400, "invalid_request");
        service.AssertReason("more than one way of client authentication");
    }

    [Fact]
    public async Task Another_client_id_in_the_body_than_in_the_header_is_refused()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var response = await SendAsync(browser, "Basic " + Base64("demo-machine:demo-machine-secret"), ("client_id", "demo-operator"));

        await response.RefusedAsync(401, "invalid_client");
    }

    [Fact]
    public async Task A_confidential_client_that_merely_names_itself_is_refused()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var response = await SendAsync(browser, null, ("client_id", "demo-machine"));

        await response.RefusedAsync(401, "invalid_client");
        service.AssertReason("a confidential client must authenticate");
    }

    [Fact]
    public async Task A_public_client_with_a_secret_is_refused()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-spa");
        using var browser = service.NewBrowser();

        using var withSecret = await browser.FormAsync(
            Contoso + "/token", null, ("grant_type", "refresh_token"), ("refresh_token", granted.RefreshToken), ("client_id", "demo-spa"), ("client_secret", "x"));

        await withSecret.RefusedAsync(401, "invalid_client");
        using var without = await browser.RefreshAsync(("demo-spa", ""), granted.RefreshToken);
        Assert.Equal(200, (int)without.StatusCode);
    }

    [Fact]
    public async Task A_client_of_one_site_is_unknown_at_another()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var response = await browser.FormAsync(Fabrikam + "/token", OAuthCalls.Machine, ("grant_type", "client_credentials"));

        await response.RefusedAsync(401, "invalid_client");
        service.AssertReason("unknown client");
    }

    [Fact]
    public async Task While_one_secret_replaces_another_both_are_accepted()
    {
        var settings = OAuthCalls.Client("rolling", "the old one", ("GrantTypes:0", "client_credentials"), ("Scopes:0", "orders.read"));
        settings["Clients:6:SecretHashes:1"] = OAuthCalls.Client("rolling", "the new one")["Clients:6:SecretHashes:0"];
        await using var service = await StartAsync(settings);

        Assert.NotEmpty(await service.ClientTokenAsync(("rolling", "the old one")));
        Assert.NotEmpty(await service.ClientTokenAsync(("rolling", "the new one")));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static async Task<HttpResponseMessage> SendAsync(Browser browser, string? authorization, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Contoso + "/token")
        {
            Content = new FormUrlEncodedContent(
                fields.Prepend(("grant_type", "client_credentials")).Select(f => new KeyValuePair<string, string>(f.Item1, f.Item2))),
        };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await browser.SendAsync(request);
    }
}
