using AuthFunctions.Sessions;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Tokens;

/// <summary>Refresh tokens of clients at <c>/token</c>; how rotation works is tested with the sessions.</summary>
public class RefreshTokenGrantTests
{
    private static readonly (string Id, string Secret) Spa = ("demo-spa", "");

    [Theory]
    [InlineData("demo-web", "demo-web-secret")]
    [InlineData("demo-spa", "")]
    public async Task A_client_redeems_its_refresh_token_for_new_ones(string id, string secret)
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync(id);
        using var browser = service.NewBrowser();

        using var response = await browser.RefreshAsync((id, secret), granted.RefreshToken);

        Assert.Equal(200, (int)response.StatusCode);
        var body = await response.JsonAsync();
        Assert.Equal("access_token expires_in id_token refresh_token scope token_type", body.Members());
        Assert.Equal("openid profile email", body.Text("scope"));
        Assert.NotEqual(granted.RefreshToken, body.Text("refresh_token"));
        var access = OAuthCalls.Decode(body.Text("access_token")!).Claims;
        Assert.Equal((id, granted.UserId, granted.Id.ToString()), (access.Text("client_id"), access.Text("sub"), access.Text("sid")));
        Assert.Equal(id, OAuthCalls.Decode(body.Text("id_token")!).Claims.Text("aud"));
    }

    [Fact]
    public async Task A_client_may_ask_for_less_and_later_for_all_again()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();

        using var less = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken, ("scope", "profile"));

        var body = await less.JsonAsync();
        Assert.Equal("access_token expires_in refresh_token scope token_type", body.Members());
        Assert.Equal("profile", body.Text("scope"));
        var claims = OAuthCalls.Decode(body.Text("access_token")!).Claims;
        Assert.Equal("profile", claims.Text("scope"));
        Assert.Equal("Test Person", claims.Text("name"));
        Assert.False(claims.TryGetProperty("email", out _));
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var all = await browser.RefreshAsync(OAuthCalls.Web, body.Text("refresh_token")!);
        Assert.Equal("openid profile email", await all.TextAsync("scope"));
    }

    [Theory]
    [InlineData("scope", "openid offline_access", "invalid_scope")]
    [InlineData("scope", "a\\b", "invalid_scope")]
    [InlineData("resource", "https://orders.example", "invalid_target")]
    public async Task What_was_not_granted_is_refused_and_nothing_is_consumed(string name, string value, string error)
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();
        service.Counter.Reset();

        using var refused = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken, (name, value));

        await refused.RefusedAsync(400, error);
        Assert.Equal(0, service.Counter.Commits);
        using var valid = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        Assert.Equal(200, (int)valid.StatusCode);
        var row = await service.Get<SessionStore>().FindAsync(granted.UserId, granted.Id, default);
        Assert.Equal(1, row!.Generation);
    }

    [Fact]
    public async Task A_refresh_token_is_worth_nothing_to_another_client_and_the_session_lives()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();

        using var stolen = await browser.RefreshAsync(Spa, granted.RefreshToken);

        await stolen.RefusedAsync(400, "invalid_grant");
        service.AssertReason("issued to another client");
        using var owner = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        Assert.Equal(200, (int)owner.StatusCode);
    }

    [Fact]
    public async Task A_used_up_refresh_token_presented_by_another_client_ends_nothing()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();
        using var first = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        var next = await first.TextAsync("refresh_token");
        service.Clock.Advance(TimeSpan.FromMinutes(1));

        using var stolen = await browser.RefreshAsync(Spa, granted.RefreshToken);

        await stolen.RefusedAsync(400, "invalid_grant");
        using var owner = await browser.RefreshAsync(OAuthCalls.Web, next!);
        Assert.Equal(200, (int)owner.StatusCode);
    }

    [Fact]
    public async Task A_used_up_refresh_token_presented_by_its_client_ends_the_session()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();
        using var first = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        service.Clock.Advance(TimeSpan.FromMinutes(1));

        using var reused = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);

        await reused.RefusedAsync(400, "invalid_grant");
        service.AssertReason("refresh token reused; session ended");
        using var successor = await browser.RefreshAsync(OAuthCalls.Web, (await first.TextAsync("refresh_token"))!);
        await successor.RefusedAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task A_first_party_refresh_token_is_worth_nothing_at_the_token_endpoint_nor_a_client_s_at_refresh()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        var (_, _, firstParty) = await service.NativeAsync();
        using var browser = service.NewBrowser();

        using var atToken = await browser.RefreshAsync(OAuthCalls.Web, firstParty);
        using var atRefresh = await browser.PostAsync(Contoso + "/refresh", new { refresh_token = granted.RefreshToken }, origin: null);

        await atToken.RefusedAsync(400, "invalid_grant");
        await atRefresh.RefusedAsync(401, "session_ended");
        using var client = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        Assert.Equal(200, (int)client.StatusCode);
        using var app = await browser.PostAsync(Contoso + "/refresh", new { refresh_token = firstParty }, origin: null);
        Assert.Equal(200, (int)app.StatusCode);
    }

    [Fact]
    public async Task A_refresh_token_of_one_site_is_worth_nothing_at_another()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();

        using var elsewhere = await browser.FormAsync(
            Fabrikam + "/token", OAuthCalls.Web, ("grant_type", "refresh_token"), ("refresh_token", granted.RefreshToken));

        await elsewhere.RefusedAsync(400, "invalid_grant");
        service.AssertReason("issued at another site");
        using var here = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        Assert.Equal(200, (int)here.StatusCode);
    }

    [Fact]
    public async Task An_access_token_does_not_refresh_and_neither_does_garbage()
    {
        await using var service = await StartAsync();
        var (_, accessToken, _) = await service.NativeAsync();
        using var browser = service.NewBrowser();

        using var access = await browser.RefreshAsync(OAuthCalls.Web, accessToken);
        using var garbage = await browser.RefreshAsync(OAuthCalls.Web, "rt_AAAA");
        using var missing = await browser.FormAsync(Contoso + "/token", OAuthCalls.Web, ("grant_type", "refresh_token"));

        await access.RefusedAsync(400, "invalid_grant");
        await garbage.RefusedAsync(400, "invalid_grant");
        await missing.RefusedAsync(400, "invalid_request");
    }

    [Fact]
    public async Task A_vault_that_does_not_sign_consumes_nothing()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();
        service.Keys.Unreachable = true;

        using var outage = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);

        await outage.RefusedAsync(503, "unavailable");
        Assert.Equal(TimeSpan.FromSeconds(1), outage.Headers.RetryAfter!.Delta);
        service.Keys.Unreachable = false;
        var row = await service.Get<SessionStore>().FindAsync(granted.UserId, granted.Id, default);
        Assert.Equal(0, row!.Generation);
        using var retried = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        Assert.Equal(200, (int)retried.StatusCode);
    }

    [Fact]
    public async Task A_client_s_own_lifetimes_rule_its_sessions()
    {
        await using var service = await StartAsync(new() { ["Clients:1:IdleLifetime"] = "02:00:00" });
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();
        using var first = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        var next = (await first.TextAsync("refresh_token"))!;

        service.Clock.Advance(TimeSpan.FromHours(2));
        using var late = await browser.RefreshAsync(OAuthCalls.Web, next);

        await late.RefusedAsync(400, "invalid_grant");
        service.AssertReason("the session expired");
    }
}
