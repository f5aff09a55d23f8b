using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Sessions;

public class CheckHandleTests(StatefulService shared) : IClassFixture<StatefulService>
{
    private static readonly (string Id, string Secret) Web = ("demo-web", "demo-web-secret");

    private readonly TestService service = shared.Service;

    [Fact]
    public async Task A_check_handle_can_be_introspected_until_its_session_ends()
    {
        using var browser = await service.SignedInAsync();
        var (userId, sessionId) = await browser.WhoAsync();
        var check = browser.Cookie("http://app.contoso.localhost:5173", "__Secure-check")!;
        Assert.StartsWith("check_", check, StringComparison.Ordinal);

        using var living = await IntrospectAsync(browser, Contoso, check);
        var body = await living.JsonAsync();
        Assert.True(body.GetProperty("active").GetBoolean());
        Assert.Equal(userId, body.GetProperty("sub").GetString());
        Assert.Equal(sessionId, body.GetProperty("sid").GetString());

        using var elsewhere = await IntrospectAsync(browser, Fabrikam, check);
        Assert.Equal("""{"active":false}""", await elsewhere.Content.ReadAsStringAsync());

        using var logout = await browser.PostAsync(Contoso + "/logout");
        using var ended = await IntrospectAsync(browser, Contoso, check);
        Assert.Equal("""{"active":false}""", await ended.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_check_handle_is_worth_nothing_else_and_neither_is_a_session_cookie_to_introspect()
    {
        using var browser = await service.SignedInAsync();
        var (userId, sessionId) = await browser.WhoAsync();
        var check = browser.Cookie(Contoso, "__Secure-check")!;
        var asSid = "sid_" + check["check_".Length..];
        using var empty = service.NewBrowser();

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, "/session"), (HttpMethod.Get, "/session?fresh=1"), (HttpMethod.Get, "/sessions"), (HttpMethod.Post, "/refresh"),
            (HttpMethod.Post, "/logout/all"), (HttpMethod.Delete, "/sessions/" + sessionId),
        })
        {
            foreach (var cookie in new[] { "__Secure-check=" + check, "__Host-sid=" + check, "__Host-sid=" + asSid, "__Secure-at=" + check, "__Host-rt=" + check })
            {
                using var refused = await empty.WithCookieAsync(method, Contoso + path, cookie);
                await refused.RefusedAsync(401, "session_ended");
            }

            using var bearer = await empty.WithBearerAsync(method, Contoso + path, check);
            await bearer.RefusedAsync(401, "session_ended");
        }

        using var revoke = await empty.FormAsync(Contoso + "/revoke", Web, ("token", check));
        await revoke.IsAsync(200);
        using var token = await empty.FormAsync(Contoso + "/token", Web, ("grant_type", "refresh_token"), ("refresh_token", check));
        await token.RefusedAsync(400, "invalid_grant");
        using var sid = await IntrospectAsync(empty, Contoso, browser.Cookie(Contoso, "__Host-sid")!);
        Assert.Equal("""{"active":false}""", await sid.Content.ReadAsStringAsync());
        Assert.Null(await service.WhyDeadAsync(userId, sessionId));
    }

    [Fact]
    public async Task A_check_handle_with_a_wrong_secret_is_inactive()
    {
        using var browser = await service.SignedInAsync();
        var check = browser.Cookie(Contoso, "__Secure-check")!;
        using var right = await IntrospectAsync(browser, Contoso, check);
        Assert.True((await right.JsonAsync()).GetProperty("active").GetBoolean());

        using var wrong = await IntrospectAsync(browser, Contoso, check[..^8] + (check[^8] == 'A' ? 'B' : 'A') + check[^7..]);

        Assert.Equal("""{"active":false}""", await wrong.Content.ReadAsStringAsync());
    }

    private static Task<HttpResponseMessage> IntrospectAsync(Browser browser, string site, string token) =>
        browser.FormAsync(site + "/introspect", Web, ("token", token));
}
