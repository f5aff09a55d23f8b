using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Sessions;

public class NativeTransportTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    [Theory]
    [InlineData("/register", 201)]
    [InlineData("/login", 200)]
    public async Task A_native_app_gets_its_tokens_in_the_body_and_no_cookie(string path, int status)
    {
        using var http = service.NewBrowser();

        using var response = await http.PostAsync(Contoso + path, await BodyAsync(path), origin: null);

        await response.IsAsync(status);
        Assert.Empty(response.SetCookies());
        var body = await response.JsonAsync();
        Assert.Equal("Bearer", body.GetProperty("token_type").GetString());
        Assert.StartsWith("rt_", body.GetProperty("refresh_token").GetString(), StringComparison.Ordinal);
        Assert.NotNull(body.GetProperty("access_token").GetString());
        using var refreshed = await http.PostAsync(Contoso + "/refresh", new { refresh_token = body.GetProperty("refresh_token").GetString() }, origin: null);
        await refreshed.IsAsync(200);
        Assert.Empty(refreshed.SetCookies());
    }

    [Theory]
    [InlineData("/register")]
    [InlineData("/login")]
    public async Task Body_transport_is_refused_where_the_site_has_it_off(string path)
    {
        await using var off = await StartAsync(new() { ["Sites:contoso:NativeLogin"] = "false" });
        using var http = off.NewBrowser();

        using var refused = await http.PostAsync(Contoso + path, await BodyAsync(path), origin: null);

        await refused.RefusedAsync(403, "native_login_off");
        Assert.Equal("transport", await refused.TextAsync("field"));
    }

    [Theory]
    [InlineData("/register", "__Host-sid=x")]
    [InlineData("/login", "__Host-sid=x")]
    [InlineData("/login", "__Secure-at=x")]
    [InlineData("/login", "__Host-rt=x")]
    public async Task Body_transport_with_a_session_cookie_is_refused(string path, string cookie)
    {
        using var http = service.NewBrowser();
        var request = Browser.JsonRequest(HttpMethod.Post, Contoso + path, await BodyAsync(path));
        request.Headers.Add("Cookie", cookie);

        using var refused = await http.SendAsync(request);

        await refused.RefusedAsync(400, "invalid_request");
        Assert.Equal("transport", await refused.TextAsync("field"));
        using var allowed = await http.PostAsync(Contoso + path, await BodyAsync(path));
        Assert.True(allowed.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("http://evil.test")]
    [InlineData("null")]
    [InlineData(FabrikamApp)]
    public async Task Body_transport_may_come_without_Origin_but_not_from_a_foreign_one(string origin)
    {
        using var http = service.NewBrowser();
        using var app = await NativeApp.RegisterAsync(service);

        foreach (var path in new[] { "/register", "/login" })
        {
            using var refused = await http.PostAsync(Contoso + path, await BodyAsync(path), origin);
            await refused.RefusedAsync(403, "cross_site");
        }

        using var refresh = await http.PostAsync(Contoso + "/refresh", new { refresh_token = app.RefreshToken }, origin);
        await refresh.RefusedAsync(403, "cross_site");
        using var own = await http.PostAsync(Contoso + "/refresh", new { refresh_token = app.RefreshToken });
        await own.IsAsync(200);
    }

    [Fact]
    public async Task A_refresh_token_in_the_body_beside_a_session_cookie_is_refused_and_not_used()
    {
        using var browser = await service.SignedInAsync();
        using var app = await NativeApp.RegisterAsync(service);
        var row = await service.RowAsync(app.UserId, app.SessionId);

        using var refused = await browser.PostAsync(Contoso + "/refresh", new { refresh_token = app.RefreshToken });

        await refused.RefusedAsync(400, "invalid_request");
        Assert.Equal("refresh_token", await refused.TextAsync("field"));
        Assert.Equal(row!.ETag, (await service.RowAsync(app.UserId, app.SessionId))!.ETag);
    }

    [Fact]
    public async Task A_transport_that_is_neither_is_refused()
    {
        using var http = service.NewBrowser();

        using var refused = await http.PostAsync(Contoso + "/login", new { email = NewEmail(), password = Password, transport = "header" });

        await refused.RefusedAsync(400, "invalid_request");
        Assert.Equal("transport", await refused.TextAsync("field"));
    }

    /// <summary>A body that is good for the path: of a new person, who has an account already where the path is a sign-in.</summary>
    private async Task<object> BodyAsync(string path)
    {
        var email = NewEmail();
        if (path == "/login")
        {
            using var registered = await service.SignedInAsync(email: email);
        }

        return new { email, password = Password, transport = "body" };
    }
}
