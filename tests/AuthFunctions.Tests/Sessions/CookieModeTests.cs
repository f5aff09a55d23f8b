using System.Text;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Sessions;

/// <summary>Names and attributes of what a sign-in and a refresh set, by site and mode.</summary>
public class CookieModeTests(SharedService hybrid, StatelessService stateless, StatefulService stateful)
    : IClassFixture<SharedService>, IClassFixture<StatelessService>, IClassFixture<StatefulService>
{
    private const string Device = "__Host-device; max-age=31536000; path=/; secure; samesite=lax; httponly";
    private const string Sid = "__Host-sid; max-age=7776000; path=/; secure; samesite=lax; httponly";
    private const string SharedAt = "__Secure-at; max-age=7776000; domain=contoso.localhost; path=/; secure; samesite=lax; httponly";
    private const string OwnAt = "__Host-at; max-age=7776000; path=/; secure; samesite=lax; httponly";
    private const string Rt = "__Host-rt; max-age=7776000; path=/; secure; samesite=strict; httponly";
    private const string Check = "__Secure-check; max-age=7776000; domain=contoso.localhost; path=/; secure; samesite=lax; httponly";

    public static TheoryData<string, string, string[], string[]> Modes => new()
    {
        { "Hybrid", Contoso, [Device, Sid, SharedAt], [SharedAt] },
        { "Hybrid", Fabrikam, [OwnAt, Device, Sid], [OwnAt] },
        { "Stateless", Contoso, [Device, Rt, Sid, SharedAt], [Rt, SharedAt] },
        { "Stateless", Fabrikam, [OwnAt, Device, Rt, Sid], [OwnAt, Rt] },
        { "Stateful", Contoso, [Device, Sid, Check], [] },
        { "Stateful", Fabrikam, [Device, Sid], [] },
    };

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_sign_in_sets_the_cookies_of_the_mode_and_no_token_in_the_body(string mode, string site, string[] signIn, string[] refresh)
    {
        using var browser = Service(mode).NewBrowser();
        var email = NewEmail();
        using var register = await browser.PostAsync(site + "/register", new { email, password = Password });
        using var login = await browser.PostAsync(site + "/login", new { email, password = Password, transport = "cookie" });
        using var refreshed = await browser.PostAsync(site + "/refresh");

        await register.IsAsync(201);
        await login.IsAsync(200);
        await refreshed.IsAsync(200);
        Assert.Equal(signIn, register.SetCookies());
        Assert.Equal(signIn, login.SetCookies());
        Assert.Equal(refresh, refreshed.SetCookies());
        foreach (var response in new[] { register, login, refreshed })
        {
            var body = await response.Content.ReadAsStringAsync();
            Assert.Equal(["user", "session", "id_token", "expires_in"], (await response.JsonAsync()).EnumerateObject().Select(m => m.Name));
            Assert.All(browser.Cookies.Values, cookie => Assert.DoesNotContain(cookie.Value, body, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Cookies_are_kept_until_the_absolute_expiry_and_no_refresh_extends_it(string mode, string site, string[] signIn, string[] refresh)
    {
        var service = Service(mode);
        using var browser = await service.SignedInAsync(site);
        Assert.Equal(signIn.Length, browser.Cookies.Count);
        service.Clock.Advance(TimeSpan.FromDays(10));

        using var refreshed = await browser.PostAsync(site + "/refresh");

        await refreshed.IsAsync(200);
        Assert.Equal(refresh.Select(c => c.Replace("7776000", "6912000", StringComparison.Ordinal)), refreshed.SetCookies());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Signing_out_removes_every_cookie_of_the_session(string mode, string site, string[] signIn, string[] refresh)
    {
        using var browser = await Service(mode).SignedInAsync(site);
        Assert.True(browser.Cookies.Count > 1);

        using var logout = await browser.PostAsync(site + "/logout");

        await logout.IsAsync(204);
        Assert.Equal(["__Host-device"], browser.Cookies.Keys.Select(c => c.Name));
        Assert.All(logout.SetCookies(), c => Assert.Contains("max-age=0; ", c, StringComparison.Ordinal));
        Assert.All(signIn.Where(c => c != Device), c => Assert.Contains(logout.SetCookies(), gone => gone.StartsWith(c.Split(';')[0] + ";", StringComparison.Ordinal)));
        Assert.True(refresh.Length < signIn.Length);
    }

    [Theory]
    [InlineData("Hybrid")]
    [InlineData("Stateless")]
    [InlineData("Stateful")]
    public async Task The_longest_address_and_name_make_no_cookie_of_4096_bytes(string mode)
    {
        foreach (var (letter, name) in new[] { ("a", "a"), ("+", "\u0001"), ("é", "漢"), ("漢", "\""), ("😀", "😀"), ("'", "\\"), ("&", "<") })
        {
            var person = NewEmail()[..^"@people.test".Length];
            var email = person + string.Concat(Enumerable.Repeat(letter, (254 - 12 - person.Length) / Encoding.UTF8.GetByteCount(letter))) + "@people.test";
            using var browser = Service(mode).NewBrowser();

            using var register = await browser.PostAsync(Contoso + "/register", new { email, password = Password, name = "x" + string.Concat(Enumerable.Repeat(name, 198 / name.Length)) + "x" });

            await register.IsAsync(201);
            Assert.All(register.Headers.GetValues("Set-Cookie"), c => Assert.InRange(Encoding.UTF8.GetByteCount(c), 1, 4095));
            await browser.WhoAsync();
        }
    }

    [Theory]
    [InlineData("é", 12, 201)]
    [InlineData("é", 13, 400)]
    [InlineData("ee", 13, 400)]
    public async Task An_address_may_have_254_octets(string letter, int more, int status)
    {
        using var browser = hybrid.Service.NewBrowser();
        var start = new string('a', 196) + Guid.NewGuid().ToString("N")[..22];

        using var register = await browser.PostAsync(
            Contoso + "/register", new { email = start + string.Concat(Enumerable.Repeat(letter, more)) + "@people.test", password = Password });

        await register.IsAsync(status);
    }

    [Fact]
    public async Task A_subdomain_receives_the_access_token_where_the_site_shares_it_and_nothing_else()
    {
        using var browser = await hybrid.Service.SignedInAsync();
        using var other = await hybrid.Service.SignedInAsync(Fabrikam);

        Assert.NotNull(browser.Cookie("http://app.contoso.localhost:5173", "__Secure-at"));
        Assert.Null(browser.Cookie("http://app.contoso.localhost:5173", "__Host-sid"));
        Assert.Null(browser.Cookie("http://app.contoso.localhost:5173", "__Host-device"));
        Assert.All(other.Cookies.Keys, c => Assert.Equal("auth.fabrikam.localhost", c.Host));
    }

    [Fact]
    public async Task In_Stateless_mode_the_refresh_cookie_alone_refreshes()
    {
        var service = stateless.Service;
        using var browser = await service.SignedInAsync();
        var (sid, rt) = (browser.Cookie(Contoso, "__Host-sid"), browser.Cookie(Contoso, "__Host-rt"));

        using var bySid = await browser.WithCookieAsync(HttpMethod.Post, Contoso + "/refresh", "__Host-sid=" + sid);
        using var byRt = await browser.WithCookieAsync(HttpMethod.Post, Contoso + "/refresh", "__Host-rt=" + rt);

        await bySid.RefusedAsync(401, "session_ended");
        Assert.Contains("missing refresh token", service.LastRefusal(), StringComparison.Ordinal);
        await byRt.IsAsync(200);
    }

    [Fact]
    public async Task In_Stateless_mode_the_refresh_cookie_rotates_and_its_reuse_ends_the_session()
    {
        var service = stateless.Service;
        using var browser = await service.SignedInAsync();
        var (userId, sessionId) = await browser.WhoAsync();
        using var thief = browser.Copy();
        using (var first = await browser.PostAsync(Contoso + "/refresh"))
        using (var tab = await thief.PostAsync(Contoso + "/refresh"))
        {
            await first.IsAsync(200);
            await tab.IsAsync(200);
            Assert.Equal(browser.Cookie(Contoso, "__Host-rt"), thief.Cookie(Contoso, "__Host-rt"));
        }

        using var stale = thief.Copy();
        service.Clock.Advance(TimeSpan.FromSeconds(10));
        using (var second = await browser.PostAsync(Contoso + "/refresh"))
        {
            await second.IsAsync(200);
        }

        service.Clock.Advance(TimeSpan.FromSeconds(10));
        using var reused = await stale.PostAsync(Contoso + "/refresh");

        await reused.RefusedAsync(401, "session_ended");
        Assert.Null(stale.Cookie(Contoso, "__Host-sid"));
        Assert.Equal("no such session", await service.WhyDeadAsync(userId, sessionId));
        Assert.Equal(["refresh_token_reused"], await service.EndsAsync(userId));
    }

    [Theory]
    [InlineData("Hybrid")]
    [InlineData("Stateful")]
    public async Task In_the_other_modes_the_session_cookie_refreshes_and_a_refresh_token_does_not(string mode)
    {
        var service = Service(mode);
        using var browser = await service.SignedInAsync();
        using var app = await NativeApp.RegisterAsync(service);
        var sid = browser.Cookie(Contoso, "__Host-sid");

        using var byRt = await browser.WithCookieAsync(HttpMethod.Post, Contoso + "/refresh", "__Host-rt=" + app.RefreshToken);
        using var bySid = await browser.WithCookieAsync(HttpMethod.Post, Contoso + "/refresh", "__Host-sid=" + sid);

        await byRt.RefusedAsync(401, "session_ended");
        await bySid.IsAsync(200);
        await app.RotateAsync();
    }

    private TestService Service(string mode) => mode switch
    {
        "Hybrid" => hybrid.Service,
        "Stateless" => stateless.Service,
        _ => stateful.Service,
    };
}
