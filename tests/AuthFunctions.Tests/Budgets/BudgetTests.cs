using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Budgets;

/// <summary>What each flow may cost in round trips, transactions and signatures (docs/architecture.md): exactly this, neither more nor less.</summary>
public class BudgetTests
{
    private static readonly Dictionary<string, string?> Stateless = new()
    {
        ["Sites:contoso:CookieMode"] = "Stateless",
        ["Sites:fabrikam:CookieMode"] = "Stateless",
    };

    [Fact]
    public async Task Checking_a_session_by_its_access_token_and_the_key_set_cost_nothing()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var app = service.NewBrowser();
        var (_, accessToken, _) = await app.NativeAsync();

        Assert.Equal(new Cost(0, 0, 0, 0), await service.CostAsync(200, () => browser.GetAsync(Contoso + "/session")));
        Assert.Equal(new Cost(0, 0, 0, 0), await service.CostAsync(200, () => BearerAsync(app, "/session", accessToken)));
        Assert.Equal(new Cost(0, 0, 0, 0), await service.CostAsync(200, () => browser.GetAsync(Contoso + "/.well-known/jwks.json")));

        service.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(new Cost(0, 0, 0, 0), await service.CostAsync(401, () => browser.GetAsync(Contoso + "/session")));
    }

    [Fact]
    public async Task Checking_a_session_by_its_rows_is_one_read()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        await browser.ArriveAsync(await browser.BeginHandoffAsync());

        Assert.Equal(new Cost(1, 2, 0, 0), await service.CostAsync(200, () => browser.GetAsync(Contoso + "/session?fresh=1")));
        Assert.Equal(new Cost(1, 3, 0, 0), await service.CostAsync(200, () => browser.GetAsync(Fabrikam + "/session?fresh=1")));
    }

    [Fact]
    public async Task Signing_in_is_two_reads_one_write_and_a_signature_per_token()
    {
        await using var service = await StartAsync(new() { ["ClientAddress:Header"] = "CLIENT-IP" });
        var email = NewEmail();
        using var app = service.NewBrowser();
        await app.NativeAsync(email);
        using var browser = service.NewBrowser();

        // Index and the address's throttle row, then the user.
        Assert.Equal(new Cost(2, 3, 1, 2), await service.CostAsync(200, () => app.PostAsync(
            Contoso + "/login", new { email, password = Password, transport = "body" }, origin: null)));

        // Where the platform tells the caller's address, its throttle row too.
        browser.Headers["CLIENT-IP"] = "192.0.2.1";
        Assert.Equal(new Cost(2, 4, 1, 2), await service.CostAsync(200, () => browser.PostAsync(
            Contoso + "/login", new { email, password = Password })));
    }

    [Fact]
    public async Task Refreshing_by_the_session_cookie_is_one_read_and_one_write()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        await browser.ArriveAsync(await browser.BeginHandoffAsync());

        Assert.Equal(new Cost(1, 2, 1, 2), await service.CostAsync(200, () => browser.PostAsync(Contoso + "/refresh")));
        Assert.Equal(new Cost(1, 3, 1, 2), await service.CostAsync(200, () => browser.PostAsync(Fabrikam + "/refresh")));
    }

    [Fact]
    public async Task Refreshing_by_the_refresh_cookie_is_one_read_and_one_write()
    {
        await using var service = await StartAsync(Stateless);
        using var browser = await service.SignedInAsync();
        await browser.ArriveAsync(await browser.BeginHandoffAsync());

        Assert.Equal(new Cost(1, 2, 1, 2), await service.CostAsync(200, () => browser.PostAsync(Contoso + "/refresh")));
        Assert.Equal(new Cost(1, 3, 1, 2), await service.CostAsync(200, () => browser.PostAsync(Fabrikam + "/refresh")));
    }

    [Fact]
    public async Task Refreshing_in_the_body_is_one_read_and_one_write_and_within_the_leeway_no_write()
    {
        await using var service = await StartAsync();
        using var app = service.NewBrowser();
        var (_, _, refreshToken) = await app.NativeAsync();

        Assert.Equal(new Cost(1, 2, 1, 2), await service.CostAsync(200, () => RefreshAsync()));
        Assert.Equal(new Cost(1, 2, 0, 2), await service.CostAsync(200, () => RefreshAsync()));

        Task<HttpResponseMessage> RefreshAsync() => app.PostAsync(Contoso + "/refresh", new { refresh_token = refreshToken }, origin: null);
    }

    [Fact]
    public async Task Refreshing_at_the_token_endpoint_is_one_read_one_write_and_a_signature_per_token()
    {
        await using var service = await StartAsync();
        using var app = service.NewBrowser();
        var (userId, _, _) = await app.NativeAsync();
        var withIdToken = await service.GrantAsync(userId, "demo-web", "openid email");
        var without = await service.GrantAsync(userId, "demo-web", "email");

        Assert.Equal(new Cost(1, 2, 1, 2), await service.CostAsync(200, () => RedeemAsync(withIdToken)));
        Assert.Equal(new Cost(1, 2, 1, 1), await service.CostAsync(200, () => RedeemAsync(without)));

        Task<HttpResponseMessage> RedeemAsync(string refreshToken) => app.FormAsync(
            Contoso + "/token", ("demo-web", "demo-web-secret"), ("grant_type", "refresh_token"), ("refresh_token", refreshToken));
    }

    [Fact]
    public async Task A_handoff_is_two_reads_one_write_and_one_signature_besides_its_tokens()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        await browser.ArriveAsync(await browser.BeginHandoffAsync());
        using var elsewhere = browser.Copy();
        elsewhere.Cookies.Keys.Where(k => !k.Host.Contains("fabrikam", StringComparison.Ordinal)).ToList().ForEach(k => elsewhere.Cookies.Remove(k));
        browser.Cookies.Keys.Where(k => k.Host.Contains("fabrikam", StringComparison.Ordinal)).ToList().ForEach(k => browser.Cookies.Remove(k));

        // The token's and the access token's: a redirect carries no ID token.
        Assert.Equal(new Cost(2, 4, 1, 2), await service.CostAsync(async () => await browser.ArriveAsync(await browser.BeginHandoffAsync())));

        // From a session that has a root itself.
        Assert.Equal(new Cost(2, 6, 1, 2), await service.CostAsync(async () => await elsewhere.ArriveAsync(await elsewhere.BeginHandoffAsync(Fabrikam))));
    }

    [Fact]
    public async Task Introspecting_is_one_read()
    {
        await using var service = await StartAsync(new()
        {
            ["Sites:contoso:CookieMode"] = "Stateful",
            ["Sites:contoso:Resource"] = "https://orders.example",
            ["Clients:1:ResourceServer"] = "https://orders.example",
        });
        using var browser = await service.SignedInAsync();
        using var app = service.NewBrowser();
        var (userId, accessToken, _) = await app.NativeAsync();
        var refreshToken = await service.GrantAsync(userId, "demo-web", "openid");
        var check = browser.Cookie(Contoso, "__Secure-check")!;

        foreach (var token in new[] { accessToken, refreshToken, check })
        {
            Assert.Equal(new Cost(1, 2, 0, 0), await service.CostAsync(async () =>
            {
                using var answer = await app.FormAsync(Contoso + "/introspect", ("demo-web", "demo-web-secret"), ("token", token));
                Assert.True((await answer.JsonAsync()).GetProperty("active").GetBoolean());
            }));
        }
    }

    [Fact]
    public async Task Revoking_is_one_read_and_one_write()
    {
        await using var service = await StartAsync();
        using var app = service.NewBrowser();
        var (userId, _, _) = await app.NativeAsync();
        var refreshToken = await service.GrantAsync(userId, "demo-web", "openid");

        Assert.Equal(new Cost(1, 1, 1, 0), await service.CostAsync(200, () => app.FormAsync(
            Contoso + "/revoke", ("demo-web", "demo-web-secret"), ("token", refreshToken))));
        Assert.Single(await service.EventsAsync(userId, "session_ended"));
    }

    /// <summary>Who took part is looked up when a session ends: the user's row, then the user's sessions; the announcement is one write.</summary>
    [Fact]
    public async Task Clients_that_are_told_of_endings_cost_the_ending_alone()
    {
        await using var service = await StartAsync(new() { ["Clients:0:BackchannelLogoutUri"] = "http://127.0.0.1:9/" });
        using var browser = await service.SignedInAsync();
        var code = await browser.CodeAsync();
        using var token = await browser.RedeemAsync(await browser.CodeAsync());
        var refreshToken = await token.TextAsync("refresh_token");

        Assert.Equal(new Cost(1, 3, 1, 2), await service.CostAsync(200, () => browser.RedeemAsync(code)));
        Assert.Equal(new Cost(1, 3, 1, 2), await service.CostAsync(200, () => browser.RefreshAsync(refreshToken!)));
        Assert.Equal(new Cost(1, 1, 1, 0), await service.CostAsync(200, () => browser.FormAsync(
            Contoso + "/revoke", null, ("client_id", "demo-spa"), ("token", refreshToken!))));

        service.Counter.Reset();
        using var left = await browser.PostAsync(Contoso + "/logout");
        Assert.Equal((204, 4, 1, 2), ((int)left.StatusCode, service.Counter.Waves, service.Counter.RangeReads, service.Counter.Commits));
    }

    [Fact]
    public async Task A_DPoP_proof_is_one_more_write()
    {
        await using var service = await StartAsync();
        using var app = service.NewBrowser();
        using var key = new DpopKey(service);
        var (userId, _, _) = await app.NativeAsync();
        var refreshToken = await service.GrantAsync(userId, "demo-web", "openid email");
        await key.LearnNonceAsync(app);

        Assert.Equal(new Cost(1, 2, 2, 2), await service.CostAsync(200, () => key.FormAsync(
            app, "/token", ("demo-web", "demo-web-secret"), ("grant_type", "refresh_token"), ("refresh_token", refreshToken))));
    }

    private static Task<HttpResponseMessage> BearerAsync(Browser app, string path, string accessToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Contoso + path);
        request.Headers.Add("Authorization", "Bearer " + accessToken);
        return app.SendAsync(request);
    }
}
