using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Sessions;
using AuthFunctions.Tokens;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Session;

public class SessionTests(SharedService hybrid, StatefulService stateful, ApiService api)
    : IClassFixture<SharedService>, IClassFixture<StatefulService>, IClassFixture<ApiService>
{
    [Fact]
    public async Task It_is_answered_from_the_access_token_without_a_read_and_says_the_same_as_the_rows()
    {
        var service = hybrid.Service;
        using var browser = await service.SignedInAsync();
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        service.Counter.Reset();

        using var local = await browser.GetAsync(Contoso + "/session");
        Assert.Equal((0, 0), (service.Counter.PointReads, service.Counter.Commits));
        using var fresh = await browser.GetAsync(Contoso + "/session?fresh=1");
        Assert.Equal((1, 2, 0), (service.Counter.Waves, service.Counter.PointReads, service.Counter.Commits));

        await local.IsAsync(200);
        var body = await local.JsonAsync();
        Assert.Equal(["user", "session"], body.EnumerateObject().Select(m => m.Name));
        Assert.Equal(["id", "email", "name"], body.GetProperty("user").EnumerateObject().Select(m => m.Name));
        Assert.Equal(["id", "site", "created_at", "expires_at"], body.GetProperty("session").EnumerateObject().Select(m => m.Name));
        Assert.Equal("contoso", body.GetProperty("session").GetProperty("site").GetString());
        Assert.Equal(
            TimeSpan.FromDays(90),
            body.GetProperty("session").GetProperty("expires_at").GetDateTimeOffset() - body.GetProperty("session").GetProperty("created_at").GetDateTimeOffset());
        Assert.Equal(body.GetRawText(), (await fresh.JsonAsync()).GetRawText());
    }

    [Fact]
    public async Task A_session_that_ended_elsewhere_is_gone_at_once_when_asked_afresh_and_at_the_next_refresh_otherwise()
    {
        var service = hybrid.Service;
        using var browser = await service.SignedInAsync();
        using var other = browser.Copy();
        using (var logout = await other.PostAsync(Contoso + "/logout"))
        {
            await logout.IsAsync(204);
        }

        using var local = await browser.GetAsync(Contoso + "/session");
        using var fresh = await browser.GetAsync(Contoso + "/session?fresh=1");
        using var refresh = await browser.PostAsync(Contoso + "/refresh");

        await local.IsAsync(200);
        await fresh.RefusedAsync(401, "session_ended");
        await refresh.RefusedAsync(401, "session_ended");
        Assert.Null(browser.Cookie(Contoso, "__Host-sid"));
        Assert.Null(browser.Cookie(Contoso, "__Secure-at"));
    }

    [Theory]
    [InlineData("/session")]
    [InlineData("/session?fresh=1")]
    public async Task An_expired_access_cookie_beside_a_session_cookie_is_access_expired_without_a_read(string path)
    {
        var service = hybrid.Service;
        using var browser = await service.SignedInAsync();
        service.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        using (var valid = await browser.GetAsync(Contoso + path))
        {
            await valid.IsAsync(200);
        }

        service.Clock.Advance(TimeSpan.FromSeconds(1));
        service.Counter.Reset();
        using var expired = await browser.GetAsync(Contoso + path);

        await expired.RefusedAsync(401, "access_expired");
        Assert.Equal((0, 0), (service.Counter.PointReads, service.Counter.Commits));
        using var refresh = await browser.PostAsync(Contoso + "/refresh");
        using var retried = await browser.GetAsync(Contoso + path);
        await retried.IsAsync(200);
    }

    [Fact]
    public async Task What_cannot_be_refreshed_or_is_no_token_of_the_sites_is_session_ended()
    {
        var service = hybrid.Service;
        using var browser = await service.SignedInAsync();
        var (sid, at) = (browser.Cookie(Contoso, "__Host-sid"), browser.Cookie(Contoso, "__Secure-at")!);
        using (var valid = await browser.WithCookieAsync(HttpMethod.Get, Contoso + "/session", "__Secure-at=" + at))
        {
            await valid.IsAsync(200);
        }

        using var noAt = await browser.WithCookieAsync(HttpMethod.Get, Contoso + "/session", "__Host-sid=" + sid);
        using var tampered = await browser.WithCookieAsync(HttpMethod.Get, Contoso + "/session", $"__Host-sid={sid}; __Secure-at={at[..^8]}AAAAAAAA");
        service.Clock.Advance(TimeSpan.FromMinutes(5));
        using var noSid = await browser.WithCookieAsync(HttpMethod.Get, Contoso + "/session", "__Secure-at=" + at);

        await noAt.RefusedAsync(401, "session_ended");
        await tampered.RefusedAsync(401, "session_ended");
        await noSid.RefusedAsync(401, "session_ended");
    }

    [Fact]
    public async Task In_Stateful_mode_every_answer_comes_from_the_rows()
    {
        var service = stateful.Service;
        using var browser = await service.SignedInAsync();
        using var app = await NativeApp.RegisterAsync(service);
        using var other = browser.Copy();
        using (var valid = await app.SendAsync(HttpMethod.Get, "/session"))
        {
            await valid.IsAsync(200);
        }

        await browser.WhoAsync();
        using (var logout = await other.PostAsync(Contoso + "/logout"))
        using (var appLogout = await app.SendAsync(HttpMethod.Post, "/logout"))
        {
            await logout.IsAsync(204);
            await appLogout.IsAsync(204);
        }

        using var ended = await browser.GetAsync(Contoso + "/session");
        using var appEnded = await app.SendAsync(HttpMethod.Get, "/session");

        await ended.RefusedAsync(401, "session_ended");
        await appEnded.RefusedAsync(401, "session_ended");
    }

    [Fact]
    public async Task In_Stateful_mode_checks_keep_a_session_in_use_and_write_at_most_hourly()
    {
        var service = stateful.Service;
        using var browser = await service.SignedInAsync();
        var (userId, sessionId) = await browser.WhoAsync();
        service.Counter.Reset();
        for (var i = 0; i < 4; i++)
        {
            service.Clock.Advance(TimeSpan.FromMinutes(15));
            await browser.WhoAsync();
        }

        Assert.Equal(0, service.Counter.Commits);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await browser.WhoAsync();
        await browser.WhoAsync();
        Assert.Equal(1, service.Counter.Commits);
        Assert.Equal(service.Clock.GetUtcNow(), (await service.RowAsync(userId, sessionId))!.LastUsedAt);

        service.Clock.Advance(TimeSpan.FromDays(13));
        await browser.WhoAsync();
        service.Clock.Advance(TimeSpan.FromDays(13));
        await browser.WhoAsync();
        service.Clock.Advance(TimeSpan.FromDays(14));
        using var idle = await browser.GetAsync(Contoso + "/session");
        await idle.RefusedAsync(401, "session_ended");
    }

    [Fact]
    public async Task The_access_cookie_of_a_site_with_an_API_reads_the_session_and_acts_on_nothing()
    {
        var service = api.Service;
        using var browser = await service.SignedInAsync();
        using var app = await NativeApp.RegisterAsync(service);

        using var cookie = await browser.GetAsync(Contoso + "/session");
        await cookie.IsAsync(200);
        foreach (var (method, path) in new[] { ("GET", "/session"), ("GET", "/sessions"), ("POST", "/logout"), ("POST", "/logout/all"), ("DELETE", "/sessions/" + app.SessionId) })
        {
            using var refused = await app.SendAsync(new(method), path);
            await refused.RefusedAsync(401, "session_ended");
        }

        Assert.Null(await service.WhyDeadAsync(app.UserId, app.SessionId));
        await app.RotateAsync();
    }

    [Theory]
    [InlineData("first-party", 200)]
    [InlineData("demo-spa", 401)]
    public async Task A_clients_token_for_the_API_is_no_access_cookie(string clientId, int status)
    {
        // A client may hold such a token without scope email; as a cookie it would tell it the address.
        var service = api.Service;
        using var app = await NativeApp.RegisterAsync(service);
        using var http = service.NewBrowser();
        var user = await service.Get<UserStore>().FindAsync(app.UserId, CancellationToken.None);
        var row = await service.RowAsync(app.UserId, app.SessionId);
        var tokens = await service.Get<TokenIssuer>().IssueAsync(
            service.Get<SiteDirectory>().Find("contoso")!, user!, row! with { ClientId = clientId }, Scope.Parse("openid"), "https://api.contoso.example", CancellationToken.None);

        using var response = await http.WithCookieAsync(HttpMethod.Get, Contoso + "/session", "__Secure-at=" + tokens.AccessToken);

        await response.IsAsync(status);
    }

    [Fact]
    public async Task A_refused_access_token_is_told_the_scheme()
    {
        using var app = await NativeApp.RegisterAsync(hybrid.Service);

        using var refused = await app.SendAsync(HttpMethod.Get, "/session", "nonsense");

        await refused.RefusedAsync(401, "session_ended");
        Assert.Equal("Bearer error=\"invalid_token\"", refused.Headers.WwwAuthenticate.ToString());
    }
}
