using AuthFunctions.Sessions;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Sessions;

public class SessionExpiryTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    [Fact]
    public async Task An_unused_session_ends_after_14_days_to_the_second()
    {
        using var kept = await NativeApp.RegisterAsync(service);
        using var idle = await NativeApp.RegisterAsync(service);

        service.Clock.Advance(TimeSpan.FromDays(14) - TimeSpan.FromSeconds(1));
        await kept.RotateAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var refused = await idle.RefreshAsync();

        await refused.RefusedAsync(401, "session_ended");
        Assert.Contains("the session expired", service.LastRefusal(), StringComparison.Ordinal);
        Assert.Null(await service.WhyDeadAsync(kept.UserId, kept.SessionId));
    }

    [Fact]
    public async Task A_session_in_use_ends_after_90_days_and_no_refresh_extends_that()
    {
        using var app = await NativeApp.RegisterAsync(service);
        for (var day = 0; day < 80; day += 10)
        {
            service.Clock.Advance(TimeSpan.FromDays(10));
            await app.RotateAsync();
        }

        service.Clock.Advance(TimeSpan.FromDays(10) - TimeSpan.FromSeconds(1));
        await app.RotateAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var refused = await app.RefreshAsync();

        await refused.RefusedAsync(401, "session_ended");
        Assert.Contains("the session expired", service.LastRefusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_cookie_expires_by_the_same_rules()
    {
        using var browser = await service.SignedInAsync();
        var (userId, sessionId) = await browser.WhoAsync();
        service.Clock.Advance(TimeSpan.FromDays(13));
        using (var refreshed = await browser.PostAsync(Contoso + "/refresh"))
        {
            await refreshed.IsAsync(200);
        }

        service.Clock.Advance(TimeSpan.FromDays(13));
        Assert.Null(await service.WhyDeadAsync(userId, sessionId));
        service.Clock.Advance(TimeSpan.FromDays(1));
        using var refused = await browser.PostAsync(Contoso + "/refresh");

        await refused.RefusedAsync(401, "session_ended");
        Assert.Null(browser.Cookie(Contoso, "__Host-sid"));
    }

    [Fact]
    public async Task Each_site_has_lifetimes_of_its_own()
    {
        await using var own = await StartAsync(new()
        {
            ["Sites:contoso:IdleLifetime"] = "01:00:00",
            ["Sites:contoso:AbsoluteLifetime"] = "02:00:00",
        });
        using var short1 = await NativeApp.RegisterAsync(own);
        using var long1 = await NativeApp.RegisterAsync(own, Fabrikam);

        own.Clock.Advance(TimeSpan.FromMinutes(59));
        await short1.RotateAsync();
        own.Clock.Advance(TimeSpan.FromMinutes(59));
        await short1.RotateAsync();
        own.Clock.Advance(TimeSpan.FromMinutes(2));

        using var refused = await short1.RefreshAsync();
        await refused.RefusedAsync(401, "session_ended");
        await long1.RotateAsync();
    }

    [Fact]
    public async Task A_root_that_is_idle_does_not_end_a_child_in_use_and_cannot_be_used_again()
    {
        using var browser = await service.SignedInAsync();
        var (userId, rootId) = await browser.WhoAsync();
        var child = await service.ChildAsync(userId, rootId);
        service.Clock.Advance(TimeSpan.FromDays(10));
        using (var used = await browser.WithCookieAsync(HttpMethod.Post, Fabrikam + "/refresh", "__Host-sid=" + child.Cookie))
        {
            await used.IsAsync(200);
        }

        service.Clock.Advance(TimeSpan.FromDays(10));
        using var root = await browser.PostAsync(Contoso + "/refresh");
        using var stillUsed = await browser.WithCookieAsync(HttpMethod.Post, Fabrikam + "/refresh", "__Host-sid=" + child.Cookie);

        await root.RefusedAsync(401, "session_ended");
        await stillUsed.IsAsync(200);
    }

    [Fact]
    public async Task A_child_ends_with_its_roots_absolute_expiry()
    {
        using var browser = await service.SignedInAsync();
        var (userId, rootId) = await browser.WhoAsync();
        service.Clock.Advance(TimeSpan.FromDays(10));
        using (var used = await browser.PostAsync(Contoso + "/refresh"))
        {
            await used.IsAsync(200);
        }

        var child = await service.ChildAsync(userId, rootId);
        Assert.Equal((await service.RowAsync(userId, rootId))!.AbsoluteExpiresAt, (await service.RowAsync(userId, child.Id))!.AbsoluteExpiresAt);
        for (var day = 10; day < 80; day += 10)
        {
            service.Clock.Advance(TimeSpan.FromDays(10));
            using var used = await browser.WithCookieAsync(HttpMethod.Post, Fabrikam + "/refresh", "__Host-sid=" + child.Cookie);
            await used.IsAsync(200);
        }

        service.Clock.Advance(TimeSpan.FromDays(10));
        using var refused = await browser.WithCookieAsync(HttpMethod.Post, Fabrikam + "/refresh", "__Host-sid=" + child.Cookie);
        await refused.RefusedAsync(401, "session_ended");
    }

    [Fact]
    public async Task A_block_ends_every_session_and_unblocking_revives_none()
    {
        using var app = await NativeApp.RegisterAsync(service);
        await app.RotateAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(1));

        await service.Get<UserBlocking>().BlockAsync(app.UserId, "demo-operator", CancellationToken.None);
        using var blocked = await app.RefreshAsync();
        await blocked.RefusedAsync(401, "session_ended");
        Assert.Contains("the user is blocked", service.LastRefusal(), StringComparison.Ordinal);

        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await service.Get<UserBlocking>().UnblockAsync(app.UserId, "demo-operator", CancellationToken.None);
        using var unblocked = await app.RefreshAsync();
        await unblocked.RefusedAsync(401, "session_ended");
        Assert.Contains("all sessions were ended", service.LastRefusal(), StringComparison.Ordinal);
        Assert.Equal(["unblocked", "blocked"], (await service.EventsAsync(app.UserId)).Take(2).Select(e => e.Columns["Kind"]));
    }
}
