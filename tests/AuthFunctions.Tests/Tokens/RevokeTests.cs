using System.Net;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Tokens;

public class RevokeTests
{
    private static readonly (string Id, string Secret) Spa = ("demo-spa", "");

    [Theory]
    [InlineData("demo-web", "demo-web-secret", null)]
    [InlineData("demo-web", "demo-web-secret", "access_token")]
    [InlineData("demo-spa", "", "refresh_token")]
    public async Task Revoking_its_refresh_token_ends_the_client_s_session(string id, string secret, string? hint)
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync(id);
        using var browser = service.NewBrowser();
        (string, string)[] hints = hint is null ? [] : [("token_type_hint", hint)];

        using var revoked = await browser.ClientFormAsync(Contoso + "/revoke", (id, secret), [("token", granted.RefreshToken), .. hints]);

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.Equal("", await revoked.Content.ReadAsStringAsync());
        using var refresh = await browser.RefreshAsync((id, secret), granted.RefreshToken);
        await refresh.RefusedAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task Revoking_a_user_s_access_token_ends_the_client_s_session()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();
        using var refreshed = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        var body = await refreshed.JsonAsync();
        var access = body.Text("access_token")!;
        Assert.True(await browser.IsActiveAsync(OAuthCalls.Web, access));

        using var revoked = await browser.FormAsync(Contoso + "/revoke", OAuthCalls.Web, ("token", access));

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.False(await browser.IsActiveAsync(OAuthCalls.Web, access));
        using var refresh = await browser.RefreshAsync(OAuthCalls.Web, body.Text("refresh_token")!);
        await refresh.RefusedAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task A_client_s_own_token_cannot_be_revoked()
    {
        await using var service = await StartAsync();
        var token = await service.ClientTokenAsync(OAuthCalls.Machine);
        using var browser = service.NewBrowser();

        using var response = await browser.FormAsync(Contoso + "/revoke", OAuthCalls.Machine, ("token", token));

        await response.RefusedAsync(400, "unsupported_token_type");
    }

    [Fact]
    public async Task Another_client_s_token_is_refused_and_the_session_lives()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();
        using var refreshed = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        var body = await refreshed.JsonAsync();

        foreach (var token in new[] { body.Text("access_token")!, body.Text("refresh_token")!, granted.RefreshToken })
        {
            using var byAnother = await browser.ClientFormAsync(Contoso + "/revoke", Spa, ("token", token));
            await byAnother.RefusedAsync(400, "invalid_grant");
        }

        service.AssertReason("issued to another client");
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var owner = await browser.RefreshAsync(OAuthCalls.Web, body.Text("refresh_token")!);
        Assert.Equal(200, (int)owner.StatusCode);
    }

    [Fact]
    public async Task A_first_party_session_is_out_of_every_client_s_reach()
    {
        await using var service = await StartAsync();
        var (_, access, refresh) = await service.NativeAsync();
        using var browser = service.NewBrowser();

        using var byAccess = await browser.FormAsync(Contoso + "/revoke", OAuthCalls.Web, ("token", access));
        using var byRefresh = await browser.FormAsync(Contoso + "/revoke", OAuthCalls.Web, ("token", refresh));

        await byAccess.RefusedAsync(400, "invalid_grant");
        await byRefresh.RefusedAsync(400, "invalid_grant");
        using var lives = await browser.PostAsync(Contoso + "/refresh", new { refresh_token = refresh }, origin: null);
        Assert.Equal(200, (int)lives.StatusCode);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("rt_AAAA")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    public async Task What_was_never_a_token_is_no_error(string token)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var response = await browser.FormAsync(Contoso + "/revoke", OAuthCalls.Web, ("token", token));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_guess_that_knows_the_ids_of_a_session_ends_nothing()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        var row = (await service.Get<SessionStore>().FindAsync(granted.UserId, granted.Id, default))!;
        var guess = RefreshHandle.Issue(row with { HandleKey = new byte[32] }, 0, Secret.New()).Write();
        using var browser = service.NewBrowser();
        service.Counter.Reset();

        using var revoked = await browser.FormAsync(Contoso + "/revoke", OAuthCalls.Web, ("token", guess));
        using var refreshed = await browser.RefreshAsync(OAuthCalls.Web, guess);

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        await refreshed.RefusedAsync(400, "invalid_grant");
        Assert.Equal(0, service.Counter.Commits);
        using var owner = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        Assert.Equal(200, (int)owner.StatusCode);
    }

    [Fact]
    public async Task A_token_of_another_site_ends_nothing()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();
        using var refreshed = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        var body = await refreshed.JsonAsync();

        foreach (var token in new[] { body.Text("access_token")!, body.Text("refresh_token")! })
        {
            using var revoked = await browser.FormAsync(Fabrikam + "/revoke", OAuthCalls.Web, ("token", token));
            Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        }

        Assert.True(await browser.IsActiveAsync(OAuthCalls.Web, body.Text("access_token")!));
    }

    [Fact]
    public async Task A_request_without_a_token_or_without_a_client_is_refused()
    {
        await using var service = await StartAsync();
        var granted = await service.GrantedAsync("demo-web");
        using var browser = service.NewBrowser();

        using var withoutToken = await browser.FormAsync(Contoso + "/revoke", OAuthCalls.Web, ("token_type_hint", "refresh_token"));
        using var withoutClient = await browser.FormAsync(Contoso + "/revoke", null, ("token", granted.RefreshToken));
        using var withoutSecret = await browser.FormAsync(Contoso + "/revoke", null, ("token", granted.RefreshToken), ("client_id", "demo-web"));

        await withoutToken.RefusedAsync(400, "invalid_request");
        await withoutClient.RefusedAsync(401, "invalid_client");
        await withoutSecret.RefusedAsync(401, "invalid_client");
        using var lives = await browser.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        Assert.Equal(200, (int)lives.StatusCode);
    }
}
