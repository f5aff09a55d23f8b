using System.Text.Json;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Sessions;
using AuthFunctions.Tokens;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Session;

/// <summary>Every credential against every endpoint that acts on sessions.</summary>
public class WhoMayActTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    public static TheoryData<string, string, int> Endpoints => new()
    {
        { "GET", "/session", 200 },
        { "GET", "/session?fresh=1", 200 },
        { "GET", "/sessions", 200 },
        { "DELETE", "/sessions/{id}", 204 },
        { "POST", "/logout", 204 },
        { "POST", "/logout/all", 204 },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task The_sites_own_access_token_acts_until_it_expires(string method, string path, int status)
    {
        using var expired = await NativeApp.RegisterAsync(service);
        service.Clock.Advance(TimeSpan.FromMinutes(5));
        using var app = await NativeApp.RegisterAsync(service);

        using var late = await expired.SendAsync(new(method), path.Replace("{id}", expired.SessionId, StringComparison.Ordinal));
        using var intime = await app.SendAsync(new(method), path.Replace("{id}", app.SessionId, StringComparison.Ordinal));

        await late.RefusedAsync(401, "session_ended");
        Assert.Null(await service.WhyDeadAsync(expired.UserId, expired.SessionId));
        await intime.IsAsync(status);
        Assert.Empty(intime.SetCookies());
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task The_cookies_of_a_browser_act(string method, string path, int status)
    {
        using var browser = await service.SignedInAsync();
        var (_, sessionId) = await browser.WhoAsync();
        var request = Browser.JsonRequest(new(method), Contoso + path.Replace("{id}", sessionId, StringComparison.Ordinal), null);
        request.Headers.Add("X-Requested-With", "fetch");

        using var response = await browser.SendAsync(request);

        await response.IsAsync(status);
    }

    [Theory]
    [InlineData("an API's")]
    [InlineData("a client's for the issuer")]
    [InlineData("demo-machine's")]
    [InlineData("demo-operator's")]
    [InlineData("an ID token")]
    [InlineData("a refresh token")]
    [InlineData("another site's")]
    [InlineData("another site's, same person")]
    [InlineData("a session cookie")]
    [InlineData("nothing")]
    [InlineData("malformed")]
    public async Task No_other_token_acts_on_anything(string kind)
    {
        using var app = await NativeApp.RegisterAsync(service);
        var token = await TokenAsync(kind, app);

        foreach (var (method, path, status) in Endpoints.Select(e => ((string)e[0], (string)e[1], (int)e[2])))
        {
            using var refused = await app.SendAsync(new(method), path.Replace("{id}", app.SessionId, StringComparison.Ordinal), token);
            await refused.RefusedAsync(401, "session_ended");
            Assert.NotEqual(status, (int)refused.StatusCode);
        }

        Assert.Null(await service.WhyDeadAsync(app.UserId, app.SessionId));
        using var valid = await app.SendAsync(HttpMethod.Get, "/sessions");
        await valid.IsAsync(200);
    }

    [Theory]
    [InlineData("another site's sid", "__Host-sid")]
    [InlineData("another site's at", "__Secure-at")]
    [InlineData("another site's at", "__Host-sid")]
    [InlineData("an at", "__Host-sid")]
    [InlineData("a refresh token", "__Host-sid")]
    [InlineData("a wrong secret", "__Host-sid")]
    [InlineData("malformed", "__Host-sid")]
    [InlineData("not base64url", "__Host-sid")]
    [InlineData("malformed", "__Secure-at")]
    [InlineData("nothing", "__Host-sid")]
    public async Task No_other_cookie_acts_on_anything(string kind, string name)
    {
        using var app = await NativeApp.RegisterAsync(service);
        using var browser = await service.SignedInAsync();
        var (userId, sessionId) = await browser.WhoAsync();
        var child = await service.ChildAsync(userId, sessionId);
        using var fabrikam = await service.SignedInAsync(Fabrikam);
        using var empty = service.NewBrowser();
        var sid = browser.Cookie(Contoso, "__Host-sid")!;
        var value = kind switch
        {
            "another site's sid" => child.Cookie,
            "another site's at" => fabrikam.Cookie(Fabrikam, "__Host-at"),
            "an at" => browser.Cookie(Contoso, "__Secure-at"),
            "a refresh token" => app.RefreshToken,
            "a wrong secret" => sid[..^8] + (sid[^8] == 'A' ? 'B' : 'A') + sid[^7..],
            "malformed" => "sid_nonsense",
            "not base64url" => "sid_non+sense/",
            _ => "",
        };

        foreach (var (method, path, _) in Endpoints.Select(e => ((string)e[0], (string)e[1], (int)e[2])).Append(("POST", "/refresh", 200)))
        {
            using var refused = await empty.WithCookieAsync(new(method), Contoso + path.Replace("{id}", sessionId, StringComparison.Ordinal), name + "=" + value);

            // Signing out is granted to whoever holds a dead cookie: what was asked for is so. It ends nothing.
            if (path == "/logout" && name == "__Host-sid" && value != "")
            {
                await refused.IsAsync(204);
            }
            else
            {
                await refused.RefusedAsync(401, "session_ended");
            }
        }

        Assert.Null(await service.WhyDeadAsync(userId, sessionId));
        Assert.Null(await service.WhyDeadAsync(userId, child.Id));
    }

    [Fact]
    public async Task The_access_cookie_alone_reads_the_session_and_does_nothing_else()
    {
        using var browser = await service.SignedInAsync();
        var (userId, sessionId) = await browser.WhoAsync();
        using var subdomain = service.NewBrowser();
        var at = "__Secure-at=" + browser.Cookie(Contoso, "__Secure-at");

        foreach (var (method, path, status) in Endpoints.Select(e => ((string)e[0], (string)e[1], (int)e[2])).Append(("POST", "/refresh", 401)))
        {
            using var response = await subdomain.WithCookieAsync(new(method), Contoso + path.Replace("{id}", sessionId, StringComparison.Ordinal), at);
            await response.IsAsync(path.StartsWith("/session", StringComparison.Ordinal) && !path.StartsWith("/sessions", StringComparison.Ordinal) ? status : 401);
        }

        Assert.Null(await service.WhyDeadAsync(userId, sessionId));
    }

    [Theory]
    [InlineData("__Host-sid")]
    [InlineData("__Host-rt")]
    [InlineData("at")]
    public async Task A_handle_of_contoso_is_worth_nothing_at_fabrikam(string kind)
    {
        await using var stateless = await StartAsync(new() { ["Sites:contoso:CookieMode"] = "Stateless", ["Sites:fabrikam:CookieMode"] = "Stateless" });
        using var browser = await stateless.SignedInAsync();
        var (userId, sessionId) = await browser.WhoAsync();
        var row = await stateless.RowAsync(userId, sessionId);
        var (name, value) = kind == "at" ? ("__Host-at", browser.Cookie(Contoso, "__Secure-at")) : (kind, browser.Cookie(Contoso, kind));

        foreach (var (method, path) in new[] { ("GET", "/session"), ("GET", "/sessions"), ("POST", "/refresh"), ("POST", "/logout/all"), ("DELETE", "/sessions/" + sessionId) })
        {
            using var refused = await browser.WithCookieAsync(new(method), Fabrikam + path, name + "=" + value);
            await refused.RefusedAsync(401, "session_ended");
        }

        Assert.Equal(row!.ETag, (await stateless.RowAsync(userId, sessionId))!.ETag);
        using var atHome = await browser.PostAsync(Contoso + "/refresh");
        await atHome.IsAsync(200);
    }

    private async Task<string> TokenAsync(string kind, NativeApp app)
    {
        var issuer = service.Get<TokenIssuer>();
        var site = service.Get<SiteDirectory>().Find("contoso")!;
        var user = await service.Get<UserStore>().FindAsync(app.UserId, CancellationToken.None);
        var row = await service.RowAsync(app.UserId, app.SessionId);
        using var http = service.NewBrowser();
        switch (kind)
        {
            case "an API's":
                return (await issuer.IssueAsync(site, user!, row!, Scope.FirstParty, "https://orders.example", CancellationToken.None)).AccessToken;
            case "a client's for the issuer":
                return (await issuer.IssueAsync(site, user!, row! with { ClientId = "demo-spa" }, Scope.FirstParty, Contoso, CancellationToken.None)).AccessToken;
            case "an ID token":
                return (await issuer.IssueAsync(site, user!, row!, Scope.FirstParty, Contoso, CancellationToken.None)).IdToken!;
            case "demo-machine's":
                return await ClientTokenAsync(http, "demo-machine", "orders.read", "https://orders.example");
            case "demo-operator's":
                return await ClientTokenAsync(http, "demo-operator", "auth.manage", null);
            case "a refresh token":
                return app.RefreshToken;
            case "another site's":
                using (var other = await NativeApp.RegisterAsync(service, Fabrikam))
                {
                    return other.AccessToken;
                }

            case "another site's, same person":
                return (await issuer.IssueAsync(
                    service.Get<SiteDirectory>().Find("fabrikam")!, user!, row!, Scope.FirstParty, Fabrikam, CancellationToken.None)).AccessToken;
            case "a session cookie":
                return new SessionHandle(app.UserId, row!.Id, Secret.New()).Write("sid_");
            default:
                return kind == "nothing" ? "" : "nonsense";
        }
    }

    private static async Task<string> ClientTokenAsync(Browser http, string client, string scope, string? resource)
    {
        List<(string, string)> form = [("grant_type", "client_credentials"), ("scope", scope)];
        if (resource is not null)
        {
            form.Add(("resource", resource));
        }

        using var response = await http.FormAsync(Contoso + "/token", (client, client + "-secret"), [.. form]);
        await response.IsAsync(200);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("access_token").GetString()!;
    }
}
