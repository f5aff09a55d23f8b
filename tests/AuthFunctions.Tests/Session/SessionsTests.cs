using System.Text.Json;
using AuthFunctions.Protocol;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Sessions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Session;

public class SessionsTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    [Fact]
    public async Task It_lists_the_sign_ins_with_their_sites_newest_use_first()
    {
        using var first = await NativeApp.RegisterAsync(service);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var browser = service.NewBrowser();
        browser.Headers["User-Agent"] = "Kitchen tablet";
        using (var login = await browser.PostAsync(Contoso + "/login", new { email = first.Email, password = Password }))
        {
            await login.IsAsync(200);
        }

        var (userId, sessionId) = await browser.WhoAsync();
        await service.ChildAsync(userId, sessionId);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        await first.RotateAsync();

        using var list = await browser.GetAsync(Contoso + "/sessions");

        await list.IsAsync(200);
        var sessions = (await list.JsonAsync()).GetProperty("sessions").EnumerateArray().ToList();
        Assert.Equal([first.SessionId, sessionId], sessions.Select(s => s.GetProperty("id").GetString()));
        Assert.Equal([false, true], sessions.Select(s => s.GetProperty("current").GetBoolean()));
        var tablet = sessions[1];
        Assert.Equal(
            ["id", "sites", "device", "created_at", "last_used_at", "expires_at", "current"], tablet.EnumerateObject().Select(m => m.Name));
        Assert.Equal(["contoso", "fabrikam"], tablet.GetProperty("sites").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal("Kitchen tablet", tablet.GetProperty("device").GetString());
        var row = await service.RowAsync(userId, sessionId);
        Assert.Equal(row!.CreatedAt, tablet.GetProperty("created_at").GetDateTimeOffset());
        Assert.Equal(row.LastUsedAt, tablet.GetProperty("last_used_at").GetDateTimeOffset());
        Assert.Equal(row.AbsoluteExpiresAt, tablet.GetProperty("expires_at").GetDateTimeOffset());
        Assert.Equal(JsonValueKind.Null, sessions[0].GetProperty("device").ValueKind);
    }

    [Fact]
    public async Task Sessions_that_ended_are_not_listed_and_idle_roots_only_for_children_in_use()
    {
        using var app = await NativeApp.RegisterAsync(service);
        using var idle = await NativeApp.SignInAsync(service, app.Email);
        using var idleRoot = await NativeApp.SignInAsync(service, app.Email);
        using var ended = await NativeApp.SignInAsync(service, app.Email);
        using (var logout = await ended.SendAsync(HttpMethod.Post, "/logout"))
        {
            await logout.IsAsync(204);
        }

        service.Clock.Advance(TimeSpan.FromDays(13));
        await service.ChildAsync(app.UserId, idleRoot.SessionId);
        await app.RotateAsync();
        service.Clock.Advance(TimeSpan.FromDays(1));
        await app.RotateAsync();

        using var list = await app.SendAsync(HttpMethod.Get, "/sessions");

        var sessions = (await list.JsonAsync()).GetProperty("sessions").EnumerateArray().ToList();
        Assert.Equal([app.SessionId, idleRoot.SessionId], sessions.Select(s => s.GetProperty("id").GetString()));
        Assert.Equal(["fabrikam"], sessions[1].GetProperty("sites").EnumerateArray().Select(s => s.GetString()));
        Assert.NotNull(await service.RowAsync(app.UserId, idle.SessionId));
    }

    [Fact]
    public async Task Another_device_of_ones_own_can_be_ended_and_keeps_this_ones_cookies()
    {
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        using var lost = await NativeApp.SignInAsync(service, email);

        using var deleted = await browser.DeleteAsync(Contoso + "/sessions/" + lost.SessionId);

        await deleted.IsAsync(204);
        Assert.Empty(deleted.SetCookies());
        using var refused = await lost.RefreshAsync();
        await refused.RefusedAsync(401, "session_ended");
        Assert.Equal(["ended_by_user"], await service.EndsAsync(lost.UserId));
        await browser.WhoAsync();
    }

    [Fact]
    public async Task Ending_the_current_one_clears_its_cookies_and_takes_its_tree_along()
    {
        using var browser = await service.SignedInAsync();
        var (userId, sessionId) = await browser.WhoAsync();
        var child = await service.ChildAsync(userId, sessionId);

        using var deleted = await browser.DeleteAsync(Contoso + "/sessions/" + sessionId);

        await deleted.IsAsync(204);
        Assert.Null(browser.Cookie(Contoso, "__Host-sid"));
        Assert.Equal("the root session ended", await service.WhyDeadAsync(userId, child.Id));
    }

    [Fact]
    public async Task The_id_of_a_child_stands_for_its_tree()
    {
        using var app = await NativeApp.RegisterAsync(service);
        using var other = await NativeApp.SignInAsync(service, app.Email);
        var child = await service.ChildAsync(app.UserId, other.SessionId);

        using var deleted = await app.SendAsync(HttpMethod.Delete, "/sessions/" + child.Id);

        await deleted.IsAsync(204);
        Assert.Equal("no such session", await service.WhyDeadAsync(app.UserId, other.SessionId));
        Assert.Null(await service.WhyDeadAsync(app.UserId, app.SessionId));
    }

    [Fact]
    public async Task Another_users_session_is_as_unknown_as_a_made_up_one_and_lives()
    {
        using var app = await NativeApp.RegisterAsync(service);
        using var victim = await NativeApp.RegisterAsync(service);

        foreach (var id in new[] { victim.SessionId, Id.New(), victim.SessionId + "." + Id.New(), "nonsense", "non+sense", "..", "%2F", "a.b.c", "session_" + app.SessionId })
        {
            using var unknown = await app.SendAsync(HttpMethod.Delete, "/sessions/" + id);
            await unknown.RefusedAsync(404, id == ".." ? "not_found" : "session_not_found");
        }

        Assert.Null(await service.WhyDeadAsync(victim.UserId, victim.SessionId));
        using var own = await app.SendAsync(HttpMethod.Delete, "/sessions/" + app.SessionId);
        await own.IsAsync(204);
    }
}
