using System.Net.Http.Headers;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.UserInfo;

public class UserInfoTests
{
    [Theory]
    [InlineData("openid", """["sub"]""")]
    [InlineData("openid email", """["sub","email","email_verified"]""")]
    [InlineData("openid profile", """["sub","name"]""")]
    [InlineData("openid profile email offline_access", """["sub","email","email_verified","name"]""")]
    public async Task The_scope_decides_which_claims_are_told(string scope, string claims)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var tokens = await browser.TokensAsync(("scope", scope));

        using var response = await AskAsync(browser, HttpMethod.Get, tokens.Text("access_token"));

        Assert.Equal(200, (int)response.StatusCode);
        var body = await response.JsonAsync();
        Assert.Equal(claims, System.Text.Json.JsonSerializer.Serialize(body.EnumerateObject().Select(c => c.Name)));
        Assert.Equal(tokens.Claims("id_token").Text("sub"), body.Text("sub"));
    }

    [Fact]
    public async Task It_answers_GET_and_POST_with_the_token_in_the_header_or_in_a_form_but_not_in_both()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var token = (await browser.TokensAsync()).Text("access_token");

        using var get = await AskAsync(browser, HttpMethod.Get, token);
        using var post = await AskAsync(browser, HttpMethod.Post, token);
        using var form = await browser.FormAsync(Contoso + "/userinfo", null, ("access_token", token));
        using var query = await browser.GetAsync(Contoso + "/userinfo?access_token=" + token);
        using var both = await AskAsync(browser, HttpMethod.Post, token, ("access_token", token));

        Assert.Equal((200, 200, 200), ((int)get.StatusCode, (int)post.StatusCode, (int)form.StatusCode));
        await query.RefusedAsync(401, "invalid_token");
        await both.RefusedAsync(400, "invalid_request");
        Assert.StartsWith("Bearer error=\"invalid_request\"", both.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_the_challenge_names_no_error()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();

        // The browser's own cookies count for nothing here.
        using var response = await browser.GetAsync(Contoso + "/userinfo");

        await response.RefusedAsync(401, "invalid_token");
        Assert.Equal("Bearer, DPoP algs=\"ES256\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_token_without_openid_is_insufficient()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var tokens = await browser.TokensAsync(("scope", "email"));

        using var response = await AskAsync(browser, HttpMethod.Get, tokens.Text("access_token"));

        await response.RefusedAsync(403, "insufficient_scope");
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"openid\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_token_for_an_API_opens_nothing_here()
    {
        await using var service = await StartAsync(new() { ["Clients:0:Resources:0"] = "https://orders.example" });
        using var browser = await service.SignedInAsync();
        var tokens = await browser.TokensAsync(("resource", "https://orders.example"));

        using var response = await AskAsync(browser, HttpMethod.Get, tokens.Text("access_token"));

        await response.RefusedAsync(401, "invalid_token");
    }

    [Theory]
    [InlineData("id_token")]
    [InlineData("refresh_token")]
    public async Task No_other_kind_of_token_will_do(string kind)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var tokens = await browser.TokensAsync();

        using var response = await AskAsync(browser, HttpMethod.Get, tokens.Text(kind));

        await response.RefusedAsync(401, "invalid_token");
        Assert.Equal("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task The_other_site_knows_no_such_token()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, Fabrikam + "/userinfo");
        request.Headers.Authorization = new("Bearer", (await browser.TokensAsync()).Text("access_token"));

        using var response = await browser.SendAsync(request);

        await response.RefusedAsync(401, "invalid_token");
    }

    [Fact]
    public async Task An_ended_session_and_an_expired_token_are_refused()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var other = await service.SignedInAsync();
        var (ended, expired) = ((await browser.TokensAsync()).Text("access_token"), (await other.TokensAsync()).Text("access_token"));
        using var living = await AskAsync(browser, HttpMethod.Get, ended);
        Assert.Equal(200, (int)living.StatusCode);

        using var logout = await browser.PostAsync(Contoso + "/logout");
        using var afterLogout = await AskAsync(browser, HttpMethod.Get, ended);
        service.Clock.Advance(TimeSpan.FromMinutes(5));
        using var afterExpiry = await AskAsync(other, HttpMethod.Get, expired);

        await afterLogout.RefusedAsync(401, "invalid_token");
        await afterExpiry.RefusedAsync(401, "invalid_token");
    }

    private static Task<HttpResponseMessage> AskAsync(Browser browser, HttpMethod method, string token, params (string Name, string Value)[] form)
    {
        var request = new HttpRequestMessage(method, Contoso + "/userinfo")
        {
            Content = form.Length > 0 ? new FormUrlEncodedContent(form.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))) : null,
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return browser.SendAsync(request);
    }
}
