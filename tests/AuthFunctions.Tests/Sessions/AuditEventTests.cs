using AuthFunctions.Storage;
using AuthFunctions.Tests.Storage;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Sessions;

public class AuditEventTests
{
    [Fact]
    public async Task A_users_changes_are_told_newest_first_and_refreshes_and_failures_are_none()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        var (userId, first) = await browser.WhoAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using (var refresh = await browser.PostAsync(Contoso + "/refresh"))
        using (var failed = await browser.PostAsync(Contoso + "/login", new { email, password = "not the right password" }))
        using (var login = await browser.PostAsync(Contoso + "/login", new { email, password = Password }))
        {
            await refresh.IsAsync(200);
            await failed.IsAsync(401);
            await login.IsAsync(200);
        }

        var (_, second) = await browser.WhoAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using (var all = await browser.PostAsync(Contoso + "/logout/all"))
        {
            await all.IsAsync(204);
        }

        var events = await service.EventsAsync(userId);
        Assert.Equal(["all_sessions_ended"], events.Take(1).Select(Kind));
        Assert.Equal(["session_ended", "session_started"], events.Skip(1).Take(2).Select(Kind).Order(StringComparer.Ordinal));
        Assert.Equal(["registered", "session_started"], events.Skip(3).Select(Kind).Order(StringComparer.Ordinal));
        Assert.Equal(first, events.Single(e => Kind(e) == "session_ended").Columns["SessionId"]);
        Assert.Equal("replaced", events.Single(e => Kind(e) == "session_ended").Columns["Reason"]);
        Assert.Equal(second, events[0].Columns["SessionId"]);
        Assert.All(events, e => Assert.Equal("contoso", e.Columns["Site"]));
        Assert.Equal(service.Clock.GetUtcNow(), events[0].Columns["At"]);
        Assert.Equal(service.Clock.GetUtcNow().AddDays(365), events[0].Columns["ExpiresAt"]);
    }

    [Fact]
    public async Task Every_session_that_begins_or_ends_is_told_of_in_the_same_transaction()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        List<IReadOnlyList<Change>> commits = [];

        // Never strikes; only listens.
        service.Faults["Users"].When = changes =>
        {
            commits.Add(changes);
            return false;
        };
        service.Faults["Users"].NextCommit = Fault.FailBeforeCommit;

        using (var login = await browser.PostAsync(Contoso + "/login", new { email, password = Password }))
        using (var logout = await browser.PostAsync(Contoso + "/logout"))
        using (var app = await NativeApp.SignInAsync(service, email))
        {
            await login.IsAsync(200);
            await logout.IsAsync(204);
            await app.RotateAsync();
            using var revoked = await app.SendAsync(HttpMethod.Delete, "/sessions/" + app.SessionId);
            await revoked.IsAsync(204);
        }

        Assert.Equal(5, commits.Count);
        Assert.Equal(2, commits.Count(c => c.Any(Begins)));
        Assert.Equal(3, commits.Count(c => c.Any(Ends)));
        foreach (var commit in commits)
        {
            Assert.Equal(commit.Count(Begins), commit.Count(c => Tells(c, "session_started")));
            Assert.Equal(commit.Count(Ends), commit.Count(c => Tells(c, "session_ended")));
        }
    }

    private static string Kind(Row row) => (string)row.Columns["Kind"];

    private static bool Begins(Change change) => change is Change.Add && change.Key.StartsWith("session_", StringComparison.Ordinal);

    private static bool Ends(Change change) => change is Change.Delete && change.Key.StartsWith("session_", StringComparison.Ordinal);

    private static bool Tells(Change change, string kind) =>
        change is Change.Add(var row) && row.Key.StartsWith("event_", StringComparison.Ordinal) && Kind(row) == kind;
}
