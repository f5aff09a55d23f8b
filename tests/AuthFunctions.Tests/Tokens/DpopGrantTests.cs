using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Tokens;

/// <summary>What DPoP binds (RFC 9449 §5, §10): codes, access tokens, and the refresh tokens of public clients.</summary>
public class DpopGrantTests
{
    [Fact]
    public async Task A_public_clients_refresh_token_is_bound_to_the_key_of_the_code()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var key = new DpopKey(service);
        using var thief = new DpopKey(service);
        var tokens = await TokensAsync(browser, key);
        Assert.Equal("DPoP", tokens.GetProperty("token_type").GetString());
        service.Clock.Advance(TimeSpan.FromMinutes(1));

        using var stolen = await RefreshAsync(browser, thief, tokens.Text("refresh_token")!);
        using var bare = await browser.RefreshAsync(tokens.Text("refresh_token")!);
        using var owner = await RefreshAsync(browser, key, tokens.Text("refresh_token")!);

        await stolen.RefusedAsync(400, "invalid_grant");
        await bare.RefusedAsync(400, "invalid_grant");
        service.AssertReason("bound to another key");
        Assert.Equal(200, (int)owner.StatusCode);
        var refreshed = await owner.JsonAsync();
        Assert.Equal("DPoP", refreshed.GetProperty("token_type").GetString());
        Assert.Equal(key.Thumbprint, refreshed.Claims("access_token").GetProperty("cnf").GetProperty("jkt").GetString());
    }

    [Fact]
    public async Task Whoever_has_not_the_key_cannot_end_a_session_by_an_old_refresh_token()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var key = new DpopKey(service);
        using var thief = new DpopKey(service);
        var tokens = await TokensAsync(browser, key);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var rotated = await RefreshAsync(browser, key, tokens.Text("refresh_token")!);
        var next = (await rotated.TextAsync("refresh_token"))!;
        service.Clock.Advance(TimeSpan.FromMinutes(1));

        using var reused = await RefreshAsync(browser, thief, tokens.Text("refresh_token")!);
        using var living = await RefreshAsync(browser, key, next);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var reusedByOwner = await RefreshAsync(browser, key, next);
        using var ended = await RefreshAsync(browser, key, (await living.TextAsync("refresh_token"))!);

        await reused.RefusedAsync(400, "invalid_grant");
        Assert.Equal(200, (int)living.StatusCode);
        await reusedByOwner.RefusedAsync(400, "invalid_grant");
        await ended.RefusedAsync(400, "invalid_grant");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task A_public_clients_first_proof_binds_its_refresh_token_from_then_on(int secondsLater)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var key = new DpopKey(service);
        var tokens = await browser.TokensAsync();

        // Once rotated, and within the leeway: no rotation is due, but the binding is.
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var rotated = await browser.RefreshAsync(tokens.Text("refresh_token")!);
        var current = (await rotated.TextAsync("refresh_token"))!;
        service.Clock.Advance(TimeSpan.FromSeconds(secondsLater));

        using var bound = await RefreshAsync(browser, key, current);
        var next = (await bound.TextAsync("refresh_token"))!;
        using var bare = await browser.RefreshAsync(next);
        using var again = await RefreshAsync(browser, key, next);

        Assert.Equal(200, (int)bound.StatusCode);
        await bare.RefusedAsync(400, "invalid_grant");
        Assert.Equal(200, (int)again.StatusCode);
    }

    [Fact]
    public async Task A_confidential_clients_refresh_token_is_bound_to_the_client_and_not_to_the_key()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);
        using var another = new DpopKey(service);
        var granted = await service.GrantedAsync("demo-web");

        using var first = await RefreshAsync(browser, key, granted.RefreshToken, OAuthCalls.Web);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var second = await RefreshAsync(browser, another, (await first.TextAsync("refresh_token"))!, OAuthCalls.Web);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var bare = await browser.RefreshAsync(OAuthCalls.Web, (await second.TextAsync("refresh_token"))!);

        Assert.Equal(another.Thumbprint, (await second.JsonAsync()).Claims("access_token").GetProperty("cnf").GetProperty("jkt").GetString());
        Assert.Equal("Bearer", await bare.TextAsync("token_type"));
        Assert.False((await bare.JsonAsync()).Claims("access_token").TryGetProperty("cnf", out _));
    }

    [Fact]
    public async Task A_code_that_was_asked_for_with_dpop_jkt_is_redeemed_by_this_key_alone()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var key = new DpopKey(service);
        using var thief = new DpopKey(service);
        var code = await browser.CodeAsync(("dpop_jkt", key.Thumbprint));

        using var stolen = await RedeemAsync(browser, thief, code);
        using var bare = await browser.RedeemAsync(code);
        using var owner = await RedeemAsync(browser, key, code);

        await stolen.RefusedAsync(400, "invalid_grant");
        await bare.RefusedAsync(400, "invalid_grant");
        service.AssertReason("bound to another key");
        Assert.Equal(200, (int)owner.StatusCode);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAA")]
    [InlineData("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I=")]
    public async Task A_malformed_dpop_jkt_is_refused(string thumbprint)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        Assert.NotEmpty(await browser.CodeAsync(("dpop_jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")));

        using var response = await browser.AuthorizeAsync(("dpop_jkt", thumbprint));

        Ceremony.Errs(response, "invalid_request");
    }

    [Fact]
    public async Task A_proof_with_a_pushed_request_binds_its_code_and_must_be_the_key_of_dpop_jkt()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var key = new DpopKey(service);
        using var other = new DpopKey(service);
        await other.LearnNonceAsync(browser);

        using var pushed = await key.FormAsync(browser, "/par", null, Ceremony.Request());
        using var same = await key.FormAsync(browser, "/par", null, Ceremony.Request(("dpop_jkt", key.Thumbprint)));
        using var mixed = await other.FormAsync(browser, "/par", null, Ceremony.Request(("dpop_jkt", key.Thumbprint)));
        using var garbage = await other.FormAsync(browser, "/par", null, "garbage", Ceremony.Request());
        using var answered = await browser.GetAsync(PushedRequestTests.PushedUrl((await pushed.TextAsync("request_uri"))!));
        var code = Ceremony.Answered(answered)["code"];
        using var stolen = await RedeemAsync(browser, other, code);
        using var owner = await RedeemAsync(browser, key, code);

        Assert.Equal((201, 201), ((int)pushed.StatusCode, (int)same.StatusCode));
        await mixed.RefusedAsync(400, "invalid_dpop_proof");
        await garbage.RefusedAsync(400, "invalid_dpop_proof");
        await stolen.RefusedAsync(400, "invalid_grant");
        Assert.Equal(200, (int)owner.StatusCode);
    }

    [Fact]
    public async Task A_client_of_which_proofs_are_required_gets_nothing_without()
    {
        await using var service = await StartAsync(new() { ["Clients:2:DpopBoundAccessTokens"] = "true" });
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);

        using var bare = await browser.FormAsync(Contoso + "/token", OAuthCalls.Machine, ("grant_type", "client_credentials"));
        using var proven = await key.FormAsync(browser, "/token", OAuthCalls.Machine, ("grant_type", "client_credentials"));

        await bare.RefusedAsync(400, "invalid_dpop_proof");
        Assert.Equal(200, (int)proven.StatusCode);
    }

    [Fact]
    public async Task Introspection_tells_the_key()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);
        using var response = await key.FormAsync(browser, "/token", OAuthCalls.Machine, ("grant_type", "client_credentials"));

        var told = await browser.IntrospectAsync(OAuthCalls.Machine, (await response.TextAsync("access_token"))!);

        Assert.Equal("DPoP", told.GetProperty("token_type").GetString());
        Assert.Equal(key.Thumbprint, told.GetProperty("cnf").GetProperty("jkt").GetString());
    }

    private static async Task<System.Text.Json.JsonElement> TokensAsync(Browser browser, DpopKey key)
    {
        using var response = await RedeemAsync(browser, key, await browser.CodeAsync());
        Assert.Equal(200, (int)response.StatusCode);
        return await response.JsonAsync();
    }

    private static Task<HttpResponseMessage> RedeemAsync(Browser browser, DpopKey key, string code) => key.FormAsync(
        browser, "/token", null, ("grant_type", "authorization_code"), ("client_id", "demo-spa"), ("code", code),
        ("redirect_uri", Ceremony.Callback), ("code_verifier", Ceremony.Verifier));

    private static Task<HttpResponseMessage> RefreshAsync(
        Browser browser, DpopKey key, string refreshToken, (string Id, string Secret)? client = null) => key.FormAsync(
        browser, "/token", client, [("grant_type", "refresh_token"), ("refresh_token", refreshToken), .. client is null ? [("client_id", "demo-spa")] : Array.Empty<(string, string)>()]);
}
