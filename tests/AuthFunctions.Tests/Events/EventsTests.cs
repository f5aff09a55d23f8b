using System.Text.Json;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Storage;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Events;

/// <summary>The audit trail: rows beside the user's, newest first, written with the change they tell of.</summary>
public class EventsTests
{
    private static readonly string[] Told = ["Kind", "Site", "ClientId", "SessionId", "Reason"];

    [Fact]
    public async Task Registering_signing_in_and_out_leave_a_trail()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        var (userId, sessionId) = await WhoAsync(browser);

        Assert.Equal([$"registered contoso", $"session_started contoso {sessionId}"], await TrailAsync(service, userId));

        // A sign-in over a living session takes its place.
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var login = await browser.PostAsync(Contoso + "/login", new { email, password = Password });
        var second = (await login.JsonAsync()).GetProperty("session").Text("id");
        Assert.Equal(
            [$"session_ended contoso {sessionId} replaced", $"session_started contoso {second}"], await TrailAsync(service, userId, newest: 2));

        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var logout = await browser.PostAsync(Contoso + "/logout");
        Assert.Equal([$"session_ended contoso first-party {second} signed_out"], await TrailAsync(service, userId, newest: 1));
    }

    [Fact]
    public async Task What_operators_do_is_kept_under_their_client_s_name()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var (userId, _) = await WhoAsync(person);
        using var console = service.NewBrowser();
        console.Headers["Authorization"] = "Bearer " + await service.ClientTokenAsync(OAuthCalls.Operator);

        using var end = await console.DeleteAsync($"{Contoso}/manage/users/{userId}/sessions");
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var block = await console.PostAsync($"{Contoso}/manage/users/{userId}/block");
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var unblock = await console.PostAsync($"{Contoso}/manage/users/{userId}/unblock");

        Assert.All([end, block, unblock], response => Assert.Equal(204, (int)response.StatusCode));
        var trail = await RowsAsync(service, userId);
        Assert.Equal("unblocked demo-operator", Describe(trail[0]));
        Assert.Equal("blocked demo-operator", Describe(trail[1]));
        Assert.Contains(trail, row => Describe(row) == "all_sessions_ended demo-operator ended_by_operator");
    }

    [Fact]
    public async Task Signing_out_everywhere_revoking_and_reuse_are_events_too()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var (userId, sessionId) = await WhoAsync(person);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var logout = await person.PostAsync(Contoso + "/logout/all");
        Assert.Equal([$"all_sessions_ended contoso {sessionId}"], await TrailAsync(service, userId, newest: 1));

        var revoked = await service.GrantedAsync("demo-web");
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var client = service.NewBrowser();
        using var revoke = await client.FormAsync(Contoso + "/revoke", OAuthCalls.Web, ("token", revoked.RefreshToken));
        Assert.Equal([$"session_ended contoso demo-web {revoked.Id} revoked"], await TrailAsync(service, revoked.UserId, newest: 1));

        var reused = await service.GrantedAsync("demo-web");
        using var refreshed = await client.RefreshAsync(OAuthCalls.Web, reused.RefreshToken);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var reuse = await client.RefreshAsync(OAuthCalls.Web, reused.RefreshToken);
        Assert.Equal([$"session_ended contoso demo-web {reused.Id} refresh_token_reused"], await TrailAsync(service, reused.UserId, newest: 1));
    }

    [Fact]
    public async Task Refreshes_and_failures_leave_none()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var person = await service.SignedInAsync(email: email);
        var (userId, _) = await WhoAsync(person);
        var before = await TrailAsync(service, userId);

        using var refresh = await person.PostAsync(Contoso + "/refresh");
        using var failed = await service.NewBrowser().PostAsync(Contoso + "/login", new { email, password = "wrong wrong wrong" });
        using var session = await person.GetAsync(Contoso + "/session?fresh=1");

        Assert.Equal((200, 401, 200), ((int)refresh.StatusCode, (int)failed.StatusCode, (int)session.StatusCode));
        Assert.Equal(before, await TrailAsync(service, userId));
    }

    [Fact]
    public async Task A_change_that_did_not_happen_leaves_no_event()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var person = await service.SignedInAsync(email: email);
        var (userId, _) = await WhoAsync(person);
        var before = await TrailAsync(service, userId);
        service.Faults["Users"].NextCommit = Fault.FailBeforeCommit;

        using var login = await service.NewBrowser().PostAsync(Contoso + "/login", new { email, password = Password });

        await login.RefusedAsync(503, "unavailable");
        Assert.Equal(before, await TrailAsync(service, userId));
    }

    [Fact]
    public async Task Events_tell_no_address_and_no_secret_and_are_kept_as_long_as_the_policy_says()
    {
        await using var service = await StartAsync(new() { ["Events:Retention"] = "30.00:00:00" });
        using var person = await service.SignedInAsync();
        var (userId, _) = await WhoAsync(person);

        foreach (var row in await RowsAsync(service, userId))
        {
            Assert.False(LogSink.Tells(JsonSerializer.Serialize(row.Columns)));
            Assert.Equal(service.Clock.GetUtcNow(), row.Columns["At"]);
            Assert.Equal(service.Clock.GetUtcNow().AddDays(30), row.Columns[Row.ExpiresAt]);
        }
    }

    private static async Task<(string UserId, string SessionId)> WhoAsync(Browser browser)
    {
        using var me = await browser.GetAsync(Contoso + "/session");
        var body = await me.JsonAsync();
        return (body.GetProperty("user").Text("id")!, body.GetProperty("session").Text("id")!);
    }

    private static async Task<List<Row>> RowsAsync(TestService service, string userId) =>
        await service.Table("Users").RangeAsync(userId, "event_", "event`", default).ToListAsync();

    /// <summary>The newest events (all by default), those of one moment in alphabetical order.</summary>
    private static async Task<List<string>> TrailAsync(TestService service, string userId, int newest = 100) =>
        [.. (await RowsAsync(service, userId)).Take(newest).Select(Describe).Order(StringComparer.Ordinal)];

    private static string Describe(Row row) => string.Join(
        ' ', Told.Select(name => row.OptionalText(name)).Where(value => value is not null));
}
