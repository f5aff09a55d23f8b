using System.Net.Http.Json;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Sessions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Session;

public class RefreshTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    [Fact]
    public async Task A_browser_refreshes_without_a_body_and_gets_a_new_access_cookie()
    {
        using var browser = await service.SignedInAsync();
        var at = browser.Cookie(Contoso, "__Secure-at");
        var sid = browser.Cookie(Contoso, "__Host-sid");
        service.Clock.Advance(TimeSpan.FromMinutes(6));
        var request = Browser.JsonRequest(HttpMethod.Post, Contoso + "/refresh", null);
        request.Headers.Add("X-Requested-With", "fetch");

        using var response = await browser.SendAsync(request);

        await response.IsAsync(200);
        Assert.NotEqual(at, browser.Cookie(Contoso, "__Secure-at"));
        Assert.Equal(sid, browser.Cookie(Contoso, "__Host-sid"));
        Assert.Equal(300, (await response.JsonAsync()).GetProperty("expires_in").GetInt32());
        await browser.WhoAsync();
    }

    [Fact]
    public async Task Nothing_to_refresh_with_is_session_ended_and_sets_no_cookie()
    {
        using var browser = service.NewBrowser();

        using var refused = await browser.PostAsync(Contoso + "/refresh", origin: null);

        await refused.RefusedAsync(401, "session_ended");
        Assert.Empty(refused.SetCookies());
    }

    [Theory]
    [InlineData("__Host-sid=nonsense")]
    [InlineData("__Secure-at=nonsense")]
    [InlineData("__Host-rt=nonsense")]
    public async Task Cookies_of_no_living_session_are_cleared(string cookie)
    {
        using var browser = service.NewBrowser();

        using var refused = await browser.WithCookieAsync(HttpMethod.Post, Contoso + "/refresh", cookie);

        await refused.RefusedAsync(401, "session_ended");
        Assert.Contains(refused.SetCookies(), c => c.StartsWith(cookie.Split('=')[0] + "; max-age=0;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bearer_does_not_refresh()
    {
        using var app = await NativeApp.RegisterAsync(service);

        using var refused = await app.SendAsync(HttpMethod.Post, "/refresh");

        await refused.RefusedAsync(401, "session_ended");
    }

    [Fact]
    public async Task A_native_session_is_none_of_a_browsers_and_a_browsers_none_of_a_native_apps()
    {
        using var browser = await service.SignedInAsync();
        using var app = await NativeApp.RegisterAsync(service);
        var (userId, sessionId) = await browser.WhoAsync();

        using var sidInBody = await app.RefreshAsync(browser.Cookie(Contoso, "__Host-sid"));
        using var rtInCookie = await browser.WithCookieAsync(HttpMethod.Post, Contoso + "/refresh", "__Host-sid=" + app.RefreshToken);

        await sidInBody.RefusedAsync(401, "session_ended");
        await rtInCookie.RefusedAsync(401, "session_ended");
        Assert.Null(await service.WhyDeadAsync(userId, sessionId));
        await app.RotateAsync();
    }

    [Fact]
    public async Task A_body_of_another_type_or_shape_is_refused_and_nothing_is_consumed()
    {
        using var app = await NativeApp.RegisterAsync(service);
        var row = await service.RowAsync(app.UserId, app.SessionId);
        using var http = service.NewBrowser();

        using var form = await http.FormAsync(Contoso + "/refresh", null, ("refresh_token", app.RefreshToken));
        using var number = await http.SendAsync(new(HttpMethod.Post, Contoso + "/refresh") { Content = JsonContent.Create(new { refresh_token = 5 }) });

        await form.RefusedAsync(415, "unsupported_media_type");
        await number.RefusedAsync(400, "invalid_request");
        Assert.Equal("refresh_token", await number.TextAsync("field"));
        Assert.Equal(row!.ETag, (await service.RowAsync(app.UserId, app.SessionId))!.ETag);
        await app.RotateAsync();
    }
}
