using AuthFunctions.Sessions;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Tokens;

public class IntrospectTests
{
    private const string Orders = "https://orders.example";
    private static readonly (string Id, string Secret) Api = ("orders-api", "orders api test");

    private static Dictionary<string, string?> WithApi => OAuthCalls.Client(Api.Id, Api.Secret, ("ResourceServer", Orders));

    [Fact]
    public async Task A_client_learns_all_about_its_own_access_token()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();
        var (access, _) = await RefreshedAsync(browser, granted);

        var answer = await browser.IntrospectAsync(OAuthCalls.Web, access);

        var claims = OAuthCalls.Decode(access).Claims;
        Assert.Equal("acr active aud auth_time client_id exp iat iss jti scope sid sub token_type", answer.Members());
        Assert.True(answer.GetProperty("active").GetBoolean());
        Assert.Equal(("Bearer", "demo-web"), (answer.Text("token_type"), answer.Text("client_id")));
        foreach (var name in new[] { "aud", "exp", "iat", "iss", "jti", "scope", "sid", "sub" })
        {
            Assert.Equal(claims.GetProperty(name).GetRawText(), answer.GetProperty(name).GetRawText());
        }
    }

    [Fact]
    public async Task A_client_learns_about_its_own_refresh_token_but_not_about_a_used_up_one()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();
        Assert.True(await browser.IsActiveAsync(OAuthCalls.Web, granted.RefreshToken));

        var (_, refresh) = await RefreshedAsync(browser, granted);

        Assert.False(await browser.IsActiveAsync(OAuthCalls.Web, granted.RefreshToken));
        var answer = await browser.IntrospectAsync(OAuthCalls.Web, refresh);
        Assert.Equal(("openid profile email", "demo-web", granted.UserId), (answer.Text("scope"), answer.Text("client_id"), answer.Text("sub")));
        Assert.False(answer.TryGetProperty("token_type", out _));
    }

    [Fact]
    public async Task Another_client_s_token_is_inactive_whatever_its_kind()
    {
        await using var service = await StartAsync(WithApi);
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();
        var (access, refresh) = await RefreshedAsync(browser, granted);
        var (_, firstPartyAccess, firstPartyRefresh) = await service.NativeAsync();

        foreach (var token in new[] { access, refresh, firstPartyAccess, firstPartyRefresh, await service.ClientTokenAsync(OAuthCalls.Machine) })
        {
            Assert.False(await browser.IsActiveAsync(Api, token));
            Assert.False(await browser.IsActiveAsync(OAuthCalls.Operator, token));
        }
    }

    [Fact]
    public async Task An_API_learns_about_the_tokens_that_are_for_it()
    {
        await using var service = await StartAsync(WithApi);
        using var browser = service.NewBrowser();

        Assert.True(await browser.IsActiveAsync(Api, await service.ClientTokenAsync(OAuthCalls.Machine, ("resource", Orders))));
        Assert.False(await browser.IsActiveAsync(Api, await service.ClientTokenAsync(OAuthCalls.Machine)));
    }

    [Fact]
    public async Task An_API_of_a_site_learns_about_the_people_of_that_site()
    {
        var settings = WithApi;
        settings["Sites:contoso:Resource"] = Orders;
        await using var service = await StartAsync(settings);
        using var browser = service.NewBrowser();
        var (userId, access, _) = await service.NativeAsync();

        var answer = await browser.IntrospectAsync(Api, access);

        Assert.Equal((userId, "first-party"), (answer.Text("sub"), answer.Text("client_id")));
    }

    [Fact]
    public async Task A_sign_out_a_block_and_time_make_a_token_inactive_at_once()
    {
        var settings = WithApi;
        settings["Sites:contoso:Resource"] = Orders;
        await using var service = await StartAsync(settings);
        using var asking = service.NewBrowser();

        // Signed out.
        using var signedOut = await service.SignedInAsync();
        var token = signedOut.Cookie(Contoso, "__Secure-at")!;
        Assert.True(await asking.IsActiveAsync(Api, token));
        using var logout = await signedOut.PostAsync(Contoso + "/logout");
        Assert.Equal(204, (int)logout.StatusCode);
        Assert.False(await asking.IsActiveAsync(Api, token));

        // Signed out everywhere.
        using var everywhere = await service.SignedInAsync();
        token = everywhere.Cookie(Contoso, "__Secure-at")!;
        using var logoutAll = await everywhere.PostAsync(Contoso + "/logout/all");
        Assert.Equal(204, (int)logoutAll.StatusCode);
        Assert.False(await asking.IsActiveAsync(Api, token));

        // Blocked.
        var (userId, access, _) = await service.NativeAsync();
        Assert.True(await asking.IsActiveAsync(Api, access));
        Assert.True(await service.Get<UserBlocking>().BlockAsync(userId, "test", default));
        Assert.False(await asking.IsActiveAsync(Api, access));

        // Expired, to the second.
        (_, access, _) = await service.NativeAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(299));
        Assert.True(await asking.IsActiveAsync(Api, access));
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await asking.IsActiveAsync(Api, access));
    }

    [Fact]
    public async Task A_check_handle_is_introspected_by_any_confidential_client_of_its_site_and_does_nothing_else()
    {
        await using var service = await StartAsync(new() { ["Sites:contoso:CookieMode"] = "Stateful" });
        using var person = await service.SignedInAsync();
        var check = person.Cookie(Contoso, "__Secure-check")!;
        Assert.StartsWith("check_", check, StringComparison.Ordinal);
        using var api = service.NewBrowser();

        var answer = await api.IntrospectAsync(OAuthCalls.Machine, check);

        Assert.Equal("active exp iat iss sid sub", answer.Members());
        Assert.True(answer.GetProperty("active").GetBoolean());
        Assert.False(await api.IsActiveAsync(OAuthCalls.Web, check, Fabrikam));

        // As a session cookie it opens nothing, under its own prefix or another.
        foreach (var forged in new[] { check, "sid_" + check["check_".Length..] })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Contoso + "/sessions");
            request.Headers.Add("Cookie", "__Host-sid=" + forged);
            using var refused = await api.SendAsync(request);
            await refused.RefusedAsync(401, "session_ended");
        }

        using var logout = await person.PostAsync(Contoso + "/logout");
        Assert.False(await api.IsActiveAsync(OAuthCalls.Machine, check));
    }

    [Fact]
    public async Task A_session_cookie_is_no_token_to_introspect()
    {
        await using var service = await StartAsync(new() { ["Sites:contoso:CookieMode"] = "Stateful" });
        using var person = await service.SignedInAsync();
        using var api = service.NewBrowser();

        Assert.False(await api.IsActiveAsync(OAuthCalls.Machine, person.Cookie(Contoso, "__Host-sid")!));
    }

    [Fact]
    public async Task A_token_of_another_site_is_inactive()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();
        var (access, refresh) = await RefreshedAsync(browser, granted);

        Assert.False(await browser.IsActiveAsync(OAuthCalls.Web, access, Fabrikam));
        Assert.False(await browser.IsActiveAsync(OAuthCalls.Web, refresh, Fabrikam));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("rt_AAAA")]
    [InlineData("check_AAAA")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("a.b.c.d.e")]
    public async Task What_was_never_a_token_is_inactive(string token)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        Assert.False(await browser.IsActiveAsync(OAuthCalls.Web, token));
    }

    [Fact]
    public async Task A_public_client_an_unknown_one_and_a_request_without_a_token_are_refused()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-spa");
        using var browser = service.NewBrowser();

        using var byPublic = await browser.FormAsync(Contoso + "/introspect", null, ("client_id", "demo-spa"), ("token", granted.RefreshToken));
        using var byUnknown = await browser.FormAsync(Contoso + "/introspect", ("nobody", "nothing"), ("token", granted.RefreshToken));
        using var withoutToken = await browser.FormAsync(Contoso + "/introspect", OAuthCalls.Web);

        await byPublic.RefusedAsync(401, "invalid_client");
        service.AssertReason("a public client may not introspect");
        await byUnknown.RefusedAsync(401, "invalid_client");
        await withoutToken.RefusedAsync(400, "invalid_request");
    }

    private static async Task<(string Access, string Refresh)> RefreshedAsync(Browser browser, ClientSession granted)
    {
        using var response = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        Assert.Equal(200, (int)response.StatusCode);
        var body = await response.JsonAsync();
        return (body.Text("access_token")!, body.Text("refresh_token")!);
    }
}
