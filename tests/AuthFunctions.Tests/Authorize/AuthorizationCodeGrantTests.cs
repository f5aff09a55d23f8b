using AuthFunctions.Sessions;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Authorize.Ceremony;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Authorize;

public class AuthorizationCodeGrantTests
{
    private static readonly (string Name, string? Value) Offline = ("scope", "openid offline_access");

    [Theory]
    [InlineData("redirect_uri", ContosoApp + "/other", "invalid_grant", "redirect_uri is not the request's")]
    [InlineData("redirect_uri", null, "invalid_grant", "redirect_uri is not the request's")]
    [InlineData("code_verifier", null, "invalid_request", "code_verifier is missing")]
    [InlineData("code_verifier", "too-short", "invalid_request", "code_verifier is malformed")]
    [InlineData("code_verifier", Challenge, "invalid_grant", "code_verifier is not the challenge's")]
    [InlineData("client_id", "demo-partner", "invalid_grant", "code issued to another client, or at another site")]
    [InlineData("resource", "https://other.example", "invalid_target", "unknown resource, or not this client's")]
    [InlineData("code", null, "invalid_request", "code is missing")]
    [InlineData("code", "code_AAAA", "invalid_grant", "malformed code")]
    public async Task One_wrong_parameter_is_refused_and_does_not_use_the_code_up(string name, string? value, string error, string reason)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var code = await browser.CodeAsync();

        using var spoilt = await browser.RedeemAsync(code, (name, value));
        using var valid = await browser.RedeemAsync(code);

        await spoilt.RefusedAsync(400, error);
        Assert.Contains(service.Log.Lines, l => l.Contains($"{error}: {reason}", StringComparison.Ordinal));
        Assert.Equal(200, (int)valid.StatusCode);
    }

    [Fact]
    public async Task A_code_of_the_other_site_and_one_with_a_wrong_secret_are_refused_and_change_nothing()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var code = await browser.CodeAsync();

        using var elsewhere = await browser.RedeemAtAsync(Fabrikam, null, code);
        using var guessed = await browser.RedeemAsync(code[..^3] + (code[^3] == 'A' ? 'B' : 'A') + code[^2..]);
        using var valid = await browser.RedeemAsync(code);
        using var guessedLater = await browser.RedeemAsync(code[..^3] + (code[^3] == 'A' ? 'B' : 'A') + code[^2..]);

        await elsewhere.RefusedAsync(400, "invalid_grant");
        await guessed.RefusedAsync(400, "invalid_grant");
        await guessedLater.RefusedAsync(400, "invalid_grant");
        using var refreshed = await browser.RefreshAsync((await valid.JsonAsync()).Text("refresh_token"));
        Assert.Equal(200, (int)refreshed.StatusCode);
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("openid offline_access")]
    public async Task A_code_that_comes_again_ends_the_session_it_was_redeemed_for(string scope)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var code = await browser.CodeAsync(("scope", scope));
        using var first = await browser.RedeemAsync(code);
        var tokens = await first.JsonAsync();
        service.Clock.Advance(TimeSpan.FromMinutes(30));

        // Another client may not even end it.
        using var others = await browser.RedeemAsync(code, ("client_id", "demo-partner"));
        using var before = await browser.RefreshAsync(tokens.Text("refresh_token"));
        using var again = await browser.RedeemAsync(code);
        using var after = await browser.RefreshAsync((await before.JsonAsync()).Text("refresh_token"));

        await others.RefusedAsync(400, "invalid_grant");
        Assert.Equal(200, (int)before.StatusCode);
        await again.RefusedAsync(400, "invalid_grant");
        Assert.Contains(service.Log.Lines, l => l.Contains("redeemed before", StringComparison.Ordinal));
        await after.RefusedAsync(400, "invalid_grant");
        Assert.NotEmpty(await browser.CodeAsync());
    }

    [Fact]
    public async Task A_code_lives_sixty_seconds()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var (inTime, late) = (await browser.CodeAsync(), await browser.CodeAsync());

        service.Clock.Advance(TimeSpan.FromSeconds(59));
        using var valid = await browser.RedeemAsync(inTime);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var expired = await browser.RedeemAsync(late);

        Assert.Equal(200, (int)valid.StatusCode);
        await expired.RefusedAsync(400, "invalid_grant");
    }

    [Theory]
    [InlineData("block")]
    [InlineData("block and unblock")]
    [InlineData("sign out")]
    [InlineData("sign out everywhere")]
    public async Task A_code_from_before_a_change_redeems_to_nothing_after_it(string change)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var codes = new[] { await browser.CodeAsync(), await browser.CodeAsync(Offline) };

        await ChangeAsync(service, browser, await UserIdAsync(browser), change);

        foreach (var code in codes)
        {
            using var response = await browser.RedeemAsync(code);
            await response.RefusedAsync(400, "invalid_grant");
        }
    }

    /// <summary>The change comes between the redemption's reads and its write, so only the write can tell.</summary>
    [Theory]
    [InlineData("block", "openid")]
    [InlineData("block", "openid offline_access")]
    [InlineData("sign out", "openid")]
    [InlineData("sign out", "openid offline_access")]
    [InlineData("sign out everywhere", "openid offline_access")]
    public async Task A_change_that_overlaps_the_redemption_wins(string change, string scope)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var code = await browser.CodeAsync(("scope", scope));
        var userId = await UserIdAsync(browser);

        service.Keys.Meanwhile = () => ChangeAsync(service, browser, userId, change);
        using var response = await browser.RedeemAsync(code);

        await response.RefusedAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task A_grant_ends_with_the_browsers_session_but_an_offline_one_does_not()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var bound = await browser.TokensAsync();
        var offline = await browser.TokensAsync(Offline);

        using var logout = await browser.PostAsync(Contoso + "/logout");
        using var boundRefresh = await browser.RefreshAsync(bound.Text("refresh_token"));
        using var offlineRefresh = await browser.RefreshAsync(offline.Text("refresh_token"));

        Assert.Equal(204, (int)logout.StatusCode);
        await boundRefresh.RefusedAsync(400, "invalid_grant");
        Assert.Equal(200, (int)offlineRefresh.StatusCode);
    }

    [Fact]
    public async Task A_client_that_may_not_refresh_gets_no_refresh_token()
    {
        await using var service = await StartAsync(new() { ["Clients:0:GrantTypes:1"] = "authorization_code" });
        using var browser = await service.SignedInAsync();

        var tokens = await browser.TokensAsync();

        Assert.False(tokens.TryGetProperty("refresh_token", out _));
    }

    [Fact]
    public async Task Another_resource_than_the_one_that_was_authorized_is_refused()
    {
        await using var service = await StartAsync(new()
        {
            ["Resources:bills:Audience"] = "https://bills.example",
            ["Clients:0:Resources:0"] = "https://orders.example",
            ["Clients:0:Resources:1"] = "https://bills.example",
        });
        using var browser = await service.SignedInAsync();
        var code = await browser.CodeAsync(("resource", "https://orders.example"));

        using var other = await browser.RedeemAsync(code, ("resource", "https://bills.example"));
        using var same = await browser.RedeemAsync(code, ("resource", "https://orders.example"));

        await other.RefusedAsync(400, "invalid_target");
        Assert.Equal("https://orders.example", (await same.JsonAsync()).Claims("access_token").Text("aud"));
    }

    [Fact]
    public async Task A_confidential_client_must_authenticate()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var code = await browser.CodeAsync(("client_id", "demo-web"));

        using var bare = await browser.RedeemAsync(code, ("client_id", "demo-web"));
        using var wrong = await browser.RedeemAtAsync(Contoso, ("demo-web", "wrong"), code, ("client_id", null));
        using var right = await browser.RedeemAtAsync(Contoso, ("demo-web", "demo-web-secret"), code, ("client_id", null));

        await bare.RefusedAsync(401, "invalid_client");
        await wrong.RefusedAsync(401, "invalid_client");
        Assert.Equal(200, (int)right.StatusCode);
    }

    [Theory]
    [InlineData("openid", 2)]
    [InlineData("openid offline_access", 2)]
    [InlineData("email", 1)]
    public async Task A_redemption_reads_once_writes_once_and_signs_once_a_token(string scope, int tokens)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var code = await browser.CodeAsync(("scope", scope));
        service.Counter.Reset();
        service.Keys.Reset();

        using var response = await browser.RedeemAsync(code);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal((1, 1, 0), (service.Counter.Waves, service.Counter.Commits, service.Counter.RangeReads));
        Assert.Equal(tokens, service.Keys.Signatures);
    }

    [Fact]
    public async Task While_the_vault_is_out_nothing_is_used_up()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var code = await browser.CodeAsync();
        service.Counter.Reset();

        service.Keys.Unreachable = true;
        using var outage = await browser.RedeemAsync(code);
        service.Keys.Unreachable = false;
        var commits = service.Counter.Commits;
        using var valid = await browser.RedeemAsync(code);

        Assert.Equal(503, (int)outage.StatusCode);
        Assert.Equal(0, commits);
        Assert.Equal(200, (int)valid.StatusCode);
    }

    private static async Task<string> UserIdAsync(Browser browser)
    {
        using var response = await browser.GetAsync(Contoso + "/session");
        return (await response.JsonAsync()).GetProperty("user").GetProperty("id").GetString()!;
    }

    private static async Task ChangeAsync(TestService service, Browser browser, string userId, string change)
    {
        var blocking = service.Get<UserBlocking>();
        switch (change)
        {
            case "sign out" or "sign out everywhere":
                using (var response = await browser.PostAsync(Contoso + (change == "sign out" ? "/logout" : "/logout/all")))
                {
                    Assert.Equal(204, (int)response.StatusCode);
                }

                break;

            default:
                Assert.True(await blocking.BlockAsync(userId, "demo-operator", CancellationToken.None));
                if (change == "block and unblock")
                {
                    Assert.True(await blocking.UnblockAsync(userId, "demo-operator", CancellationToken.None));
                }

                break;
        }
    }
}
