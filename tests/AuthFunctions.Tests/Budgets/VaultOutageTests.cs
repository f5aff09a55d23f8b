using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Budgets;

/// <summary>Signatures are made before the write that consumes: when the vault cannot serve, nothing has changed.</summary>
public class VaultOutageTests
{
    [Fact]
    public async Task Signing_in_changes_nothing()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        var email = NewEmail();
        var (userId, _, _) = await browser.NativeAsync(email);

        await AssertNothingChangesAsync(service, userId, 200, () => browser.PostAsync(Contoso + "/login", new { email, password = Password }));

        Assert.NotNull(browser.Cookie(Contoso, "__Host-sid"));
        Assert.Equal(2, (await service.RowsAsync(userId, "session_")).Count);
    }

    [Fact]
    public async Task Registering_leaves_the_address_free()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        var email = NewEmail();

        await AssertNothingChangesAsync(service, "nobody", 201, () => browser.PostAsync(Contoso + "/register", new { email, password = Password }));
    }

    [Theory]
    [InlineData("Hybrid")]
    [InlineData("Stateless")]
    public async Task Refreshing_by_cookie_changes_nothing(string mode)
    {
        await using var service = await StartAsync(new() { ["Sites:contoso:CookieMode"] = mode });
        using var browser = await service.SignedInAsync();
        using var session = await browser.GetAsync(Contoso + "/session");
        var userId = (await session.JsonAsync()).GetProperty("user").GetProperty("id").GetString()!;

        await AssertNothingChangesAsync(service, userId, 200, () => browser.PostAsync(Contoso + "/refresh"));
    }

    [Fact]
    public async Task Refreshing_in_the_body_leaves_the_refresh_token_unused()
    {
        await using var service = await StartAsync();
        using var app = service.NewBrowser();
        var (userId, _, refreshToken) = await app.NativeAsync();

        await AssertNothingChangesAsync(
            service, userId, 200, () => app.PostAsync(Contoso + "/refresh", new { refresh_token = refreshToken }, origin: null));
    }

    [Fact]
    public async Task Refreshing_at_the_token_endpoint_leaves_the_refresh_token_unused()
    {
        await using var service = await StartAsync();
        using var app = service.NewBrowser();
        var (userId, _, _) = await app.NativeAsync();
        var refreshToken = await service.GrantAsync(userId, "demo-web", "openid");

        await AssertNothingChangesAsync(service, userId, 200, () => app.FormAsync(
            Contoso + "/token", ("demo-web", "demo-web-secret"), ("grant_type", "refresh_token"), ("refresh_token", refreshToken)));
    }

    [Fact]
    public async Task Accepting_a_handoff_leaves_its_token_unused()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var session = await browser.GetAsync(Contoso + "/session");
        var userId = (await session.JsonAsync()).GetProperty("user").GetProperty("id").GetString()!;
        var url = await browser.BeginHandoffAsync();

        await AssertNothingChangesAsync(service, userId, 303, () => browser.GetAsync(url));

        using var arrived = await browser.GetAsync(Fabrikam + "/session?fresh=1");
        Assert.Equal(200, (int)arrived.StatusCode);
        Assert.Single(await service.RowsAsync(userId, "handoff_"));
    }

    /// <summary>The request is 503 while the vault is out and succeeds as it is when the vault is back.</summary>
    private static async Task AssertNothingChangesAsync(
        TestService service, string userId, int status, Func<Task<HttpResponseMessage>> request)
    {
        var before = await VersionsAsync(service, userId);
        service.Counter.Reset();
        service.Keys.Unreachable = true;
        using (var refused = await request())
        {
            await refused.RefusedAsync(503, "unavailable");
            Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
            Assert.False(refused.Headers.Contains("Set-Cookie"));
        }

        Assert.Equal(0, service.Counter.Commits);
        Assert.Equal(before, await VersionsAsync(service, userId));
        service.Keys.Unreachable = false;
        using var answer = await request();
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        Assert.DoesNotContain("error=", answer.Headers.Location?.OriginalString ?? "", StringComparison.Ordinal);
        Assert.NotEqual(0, service.Counter.Commits);
    }

    private static async Task<List<string>> VersionsAsync(TestService service, string userId) =>
        [.. (await service.RowsAsync(userId, "")).Select(r => $"{r.Key} {r.ETag}")];
}
