using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Sessions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SignOut;

public class LogoutTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    [Fact]
    public async Task Signing_out_ends_the_tree_on_every_site_and_no_other_session()
    {
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        using var app = await NativeApp.SignInAsync(service, email);
        var (userId, rootId) = await browser.WhoAsync();
        var child = await service.ChildAsync(userId, rootId);

        using var logout = await browser.PostAsync(Contoso + "/logout");

        await logout.IsAsync(204);
        Assert.Equal("no such session", await service.WhyDeadAsync(userId, rootId));
        using var atFabrikam = await browser.WithCookieAsync(HttpMethod.Post, Fabrikam + "/refresh", "__Host-sid=" + child.Cookie);
        await atFabrikam.RefusedAsync(401, "session_ended");
        await app.RotateAsync();
        Assert.Equal(["signed_out"], await service.EndsAsync(userId));
    }

    [Fact]
    public async Task Signing_out_at_a_child_ends_its_root()
    {
        using var browser = await service.SignedInAsync();
        var (userId, rootId) = await browser.WhoAsync();
        var child = await service.ChildAsync(userId, rootId);
        var sibling = await service.ChildAsync(userId, rootId);

        using var logout = await browser.WithCookieAsync(HttpMethod.Post, Fabrikam + "/logout", "__Host-sid=" + child.Cookie);

        await logout.IsAsync(204);
        Assert.Equal("no such session", await service.WhyDeadAsync(userId, rootId));
        Assert.Equal("the root session ended", await service.WhyDeadAsync(userId, sibling.Id));
    }

    [Fact]
    public async Task Signing_out_again_is_granted_and_clears_the_cookies_again()
    {
        using var browser = await service.SignedInAsync();
        using var copy = browser.Copy();
        using var first = await browser.PostAsync(Contoso + "/logout");
        await first.IsAsync(204);

        using var again = await copy.PostAsync(Contoso + "/logout");

        await again.IsAsync(204);
        Assert.Null(copy.Cookie(Contoso, "__Host-sid"));
        using var nobody = await service.NewBrowser().PostAsync(Contoso + "/logout");
        await nobody.RefusedAsync(401, "session_ended");
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_all_at_the_next_refresh_and_at_once_for_fresh_checks_and_introspection()
    {
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        using var app = await NativeApp.SignInAsync(service, email);
        using var elsewhere = await NativeApp.SignInAsync(service, email, Fabrikam);
        var (userId, rootId) = await browser.WhoAsync();
        var child = await service.ChildAsync(userId, rootId);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        service.Counter.Reset();

        using var all = await app.SendAsync(HttpMethod.Post, "/logout/all");

        await all.IsAsync(204);
        Assert.Equal(1, service.Counter.Commits);
        using var fresh = await browser.GetAsync(Contoso + "/session?fresh=1");
        await fresh.RefusedAsync(401, "session_ended");
        foreach (var refresh in new[]
        {
            await browser.PostAsync(Contoso + "/refresh"),
            await app.RefreshAsync(),
            await elsewhere.RefreshAsync(),
            await browser.WithCookieAsync(HttpMethod.Post, Fabrikam + "/refresh", "__Host-sid=" + child.Cookie),
        })
        {
            using (refresh)
            {
                await refresh.RefusedAsync(401, "session_ended");
                Assert.Contains("all sessions were ended", service.LastRefusal(), StringComparison.Ordinal);
            }
        }

        Assert.Equal("all_sessions_ended", (await service.EventsAsync(userId))[0].Columns["Kind"]);
        using var anew = await NativeApp.SignInAsync(service, email);
        await anew.RotateAsync();
    }

    [Fact]
    public async Task A_native_app_signs_out_by_its_access_token()
    {
        using var app = await NativeApp.RegisterAsync(service);

        using var logout = await app.SendAsync(HttpMethod.Post, "/logout");

        await logout.IsAsync(204);
        Assert.Empty(logout.SetCookies());
        using var refused = await app.RefreshAsync();
        await refused.RefusedAsync(401, "session_ended");
    }
}
