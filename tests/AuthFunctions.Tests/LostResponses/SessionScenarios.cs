using AuthFunctions.Sessions;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.LostResponses;

/// <summary>Refreshing and ending.</summary>
internal static class SessionScenarios
{
    public static IEnumerable<Scenario> All() =>
    [
        new("SessionRefresher.ByRefreshTokenAsync", "Users", Picks.Replacing("session_"), RotateAsync),
        new("SessionRefresher.BySidAsync", "Users", Picks.Replacing("session_"), RefreshBySidAsync),
        new("SessionRefresher.TouchAsync", "Users", Picks.Replacing("session_"), TouchAsync)
        {
            Settings = new() { ["Sites:contoso:CookieMode"] = "Stateful" },
        },
        new("SessionEnder.EndAsync", "Users", Picks.Deleting("session_"), SignOutAsync) { Settings = Telling },
        new("UserBlocking.ChangeAsync", "Users", Picks.Replacing("user"), BlockAsync) { Settings = Telling },
    ];

    /// <summary>demo-spa is to be told of endings; nobody listens there, so what is written stays to be counted.</summary>
    private static Dictionary<string, string?> Telling => new() { ["Clients:0:BackchannelLogoutUri"] = "http://127.0.0.1:9/" };

    private static async Task<Request> RotateAsync(TestService service)
    {
        var app = service.NewBrowser();
        var (userId, first) = await NativeAsync(app);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        return new(
            () => app.PostAsync(Contoso + "/refresh", new { refresh_token = first }, origin: null),
            200,
            async (answer, _) =>
            {
                var successor = await answer.TextAsync("refresh_token");
                Assert.NotEqual(first, successor);
                var row = Assert.Single(await service.Get<SessionStore>().ListAsync(userId, default));
                Assert.Equal(1, row.Generation);
                Assert.Empty(await service.EventsAsync(userId, "session_ended"));

                // The secret before still yields that successor, and it goes on from there.
                using var again = await app.PostAsync(Contoso + "/refresh", new { refresh_token = first }, origin: null);
                Assert.Equal(successor, await again.TextAsync("refresh_token"));
                service.Clock.Advance(TimeSpan.FromSeconds(10));
                using var next = await app.PostAsync(Contoso + "/refresh", new { refresh_token = successor }, origin: null);
                Assert.Equal(200, (int)next.StatusCode);
            });
    }

    private static async Task<Request> RefreshBySidAsync(TestService service)
    {
        var browser = await service.SignedInAsync();
        var userId = await UserIdAsync(browser);
        service.Clock.Advance(TimeSpan.FromMinutes(6));
        return new(() => browser.PostAsync(Contoso + "/refresh"), 200, (_, _) => AssertUsedNowAsync(service, browser, userId));
    }

    private static async Task<Request> TouchAsync(TestService service)
    {
        var browser = await service.SignedInAsync();
        var userId = await UserIdAsync(browser);
        service.Clock.Advance(TimeSpan.FromHours(2));
        return new(() => browser.GetAsync(Contoso + "/session"), 200, (_, _) => AssertUsedNowAsync(service, browser, userId));
    }

    private static async Task AssertUsedNowAsync(TestService service, Browser browser, string userId)
    {
        var row = Assert.Single(await service.Get<SessionStore>().ListAsync(userId, default));
        Assert.Equal(service.Clock.GetUtcNow(), row.LastUsedAt);
        Assert.Equal(userId, await UserIdAsync(browser));
    }

    private static async Task<Request> SignOutAsync(TestService service)
    {
        var browser = await service.SignedInAsync();
        var userId = await UserIdAsync(browser);
        await browser.TokensAsync();
        return new(
            () => browser.PostAsync(Contoso + "/logout"),
            204,
            async (_, _) =>
            {
                Assert.All(await service.Get<SessionStore>().ListAsync(userId, default), s => Assert.True(s.Id.IsChild));
                Assert.Single(await service.EventsAsync(userId, "session_ended"));
                Assert.Single(await service.RowsAsync(userId, "outbox_"));
                Assert.Null(browser.Cookie(Contoso, "__Host-sid"));
            });
    }

    private static async Task<Request> BlockAsync(TestService service)
    {
        var app = service.NewBrowser();
        var email = NewEmail();
        var (userId, refreshToken) = await NativeAsync(app, email);
        using var browser = service.NewBrowser();
        using var signedIn = await browser.PostAsync(Contoso + "/login", new { email, password = Password });
        await browser.TokensAsync();
        using var token = await app.FormAsync(
            Contoso + "/token", ("demo-operator", "demo-operator-secret"), ("grant_type", "client_credentials"));
        var bearer = await token.TextAsync("access_token");
        return new(
            () =>
            {
                var request = Browser.JsonRequest(HttpMethod.Post, $"{Contoso}/manage/users/{userId}/block", new { }, origin: null);
                request.Headers.Add("Authorization", "Bearer " + bearer);
                return app.SendAsync(request);
            },
            204,
            async (_, course) =>
            {
                // Whether an unconfirmed block landed nobody knows; blocking twice blocks once, and both commands are on record.
                Assert.Equal(course.Times, (await service.EventsAsync(userId, "blocked")).Count);
                Assert.Single(await service.RowsAsync(userId, "outbox_"));
                using var refused = await app.PostAsync(Contoso + "/refresh", new { refresh_token = refreshToken }, origin: null);
                await refused.RefusedAsync(401, "session_ended");
            });
    }

    /// <summary>Registers a person in a native app.</summary>
    public static async Task<(string UserId, string RefreshToken)> NativeAsync(Browser app, string? email = null)
    {
        using var made = await app.PostAsync(
            Contoso + "/register", new { email = email ?? NewEmail(), password = Password, transport = "body" }, origin: null);
        Assert.Equal(201, (int)made.StatusCode);
        var body = await made.JsonAsync();
        return (body.GetProperty("user").GetProperty("id").GetString()!, body.GetProperty("refresh_token").GetString()!);
    }

    /// <summary>Who the browser's living session says it is.</summary>
    public static async Task<string> UserIdAsync(Browser browser, string site = Contoso)
    {
        using var session = await browser.GetAsync(site + "/session?fresh=1");
        Assert.Equal(200, (int)session.StatusCode);
        return (await session.JsonAsync()).GetProperty("user").GetProperty("id").GetString()!;
    }
}
