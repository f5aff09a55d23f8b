using AuthFunctions.Purge;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Purge;

public class PurgeTests
{
    [Fact]
    public async Task Expired_rows_of_every_table_go_and_the_others_stay()
    {
        await using var service = await StartAsync();
        var now = service.Clock.GetUtcNow();
        foreach (var name in TableNames.All)
        {
            await AddAsync(service.Table(name), "p", "expired", now.AddTicks(-1));
            await AddAsync(service.Table(name), "p", "now", now);
            await AddAsync(service.Table(name), "q", "later", now.AddDays(1));
            await AddAsync(service.Table(name), "q", "kept", null);
        }

        await RunAsync(service);

        foreach (var name in TableNames.All)
        {
            Assert.Null(await service.Table(name).FindAsync("p", "expired", default));
            Assert.NotNull(await service.Table(name).FindAsync("p", "now", default));
            Assert.NotNull(await service.Table(name).FindAsync("q", "later", default));
            Assert.NotNull(await service.Table(name).FindAsync("q", "kept", default));
        }

        var line = Assert.Single(service.Log.Lines, l => l.Contains("PurgeFunction", StringComparison.Ordinal));
        Assert.Contains($"Purged {TableNames.All.Count} expired rows; left 0 that changed meanwhile; past due: False", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_rows_than_a_transaction_takes_go_in_one_night()
    {
        await using var service = await StartAsync();
        var users = service.Table("Users");
        var past = service.Clock.GetUtcNow().AddDays(-1);
        foreach (var (partition, count) in new[] { ("a", 250), ("b", 1), ("c", 100) })
        {
            for (var i = 0; i < count; i++)
            {
                await AddAsync(users, partition, $"event_{i:D4}", past);
            }
        }

        service.Counter.Reset();
        await RunAsync(service);

        Assert.Empty(await users.ScanAsync(DateTimeOffset.MaxValue, default).ToListAsync());
        Assert.Equal(5, service.Counter.Commits);
        Assert.Contains(service.Log.Lines, l => l.Contains("Purged 351 expired rows", StringComparison.Ordinal));
    }

    /// <summary>People are many and their rows few: one transaction after the other would take the night.</summary>
    [Fact]
    public async Task As_many_transactions_as_may_be_are_under_way_at_once_and_no_more()
    {
        var table = new GatheringTable(new MemoryTable(), PurgeFunction.AtOnce);
        await using var service = await StartAsync(adjust: services => services.Replace(
            ServiceDescriptor.Singleton<TableFactory>(name => name == "Users" ? table : new MemoryTable())));
        for (var i = 0; i < 3 * PurgeFunction.AtOnce; i++)
        {
            await table.Inner.CommitAsync(
                [new Change.Add(new Row($"p{i}", "event_1", Columns.Of((Row.ExpiresAt, service.Clock.GetUtcNow().AddDays(-1)))))], default);
        }

        await RunAsync(service);

        Assert.Equal(PurgeFunction.AtOnce, table.Most);
        Assert.Empty(await table.Inner.ScanAsync(DateTimeOffset.MaxValue, default).ToListAsync());
    }

    [Fact]
    public async Task A_row_that_changed_since_it_was_seen_stays_for_another_night()
    {
        await using var service = await StartAsync();
        var throttle = service.Table("Throttle");
        var now = service.Clock.GetUtcNow();
        await AddAsync(throttle, "p", "row", now.AddDays(-1));
        await AddAsync(throttle, "q", "row", now.AddDays(-1));
        service.Faults["Throttle"].Scanned = async () =>
        {
            var row = (await throttle.FindAsync("q", "row", default))!;
            await throttle.CommitAsync(
                [new Change.Replace(row with { Columns = new Dictionary<string, object> { [Row.ExpiresAt] = now.AddDays(1) } })], default);
        };

        await RunAsync(service);

        Assert.Null(await throttle.FindAsync("p", "row", default));
        Assert.NotNull(await throttle.FindAsync("q", "row", default));
        Assert.Contains(service.Log.Lines, l => l.Contains("Purged 1 expired rows; left 1 that changed meanwhile", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sessions_events_and_failures_go_when_their_time_has_passed_and_people_stay()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var person = await service.SignedInAsync(email: email);
        using var failed = await service.NewBrowser().PostAsync(Contoso + "/login", new { email, password = "wrong wrong wrong" });
        await failed.RefusedAsync(401, "invalid_credentials");
        using var me = await person.GetAsync(Contoso + "/session");
        var userId = (await me.JsonAsync()).GetProperty("user").GetProperty("id").GetString()!;

        service.Clock.Advance(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        await RunAsync(service);
        Assert.Equal(["event", "event", "session", "user"], await KindsAsync(service, userId));
        Assert.Empty(await service.Table("Throttle").ScanAsync(DateTimeOffset.MaxValue, default).ToListAsync());

        service.Clock.Advance(TimeSpan.FromSeconds(2));
        await RunAsync(service);
        Assert.Equal(["event", "event", "user"], await KindsAsync(service, userId));

        service.Clock.Advance(TimeSpan.FromDays(275));
        await RunAsync(service);
        Assert.Equal(["user"], await KindsAsync(service, userId));
        using var login = await service.NewBrowser().PostAsync(Contoso + "/login", new { email, password = Password });
        Assert.Equal(200, (int)login.StatusCode);
    }

    [Fact]
    public async Task Whoever_runs_the_service_locally_can_start_it_by_hand()
    {
        await using var service = await StartAsync();
        var users = service.Table("Users");
        await AddAsync(users, "p", "expired", service.Clock.GetUtcNow().AddDays(-1));
        using var browser = service.NewBrowser();

        using var response = await browser.PostAsync(Contoso + "/admin/functions/Purge", origin: null);

        Assert.Equal(202, (int)response.StatusCode);
        for (var patience = 0; patience < 500 && await users.FindAsync("p", "expired", default) is not null; patience++)
        {
            await Task.Delay(10);
        }

        Assert.Null(await users.FindAsync("p", "expired", default));
    }

    private static async Task AddAsync(ITable table, string partition, string key, DateTimeOffset? expiresAt) =>
        Assert.IsType<Commit.Done>(await table.CommitAsync([new Change.Add(new Row(partition, key, Columns.Of((Row.ExpiresAt, expiresAt))))], default));

    private static Task RunAsync(TestService service) =>
        ActivatorUtilities.CreateInstance<PurgeFunction>(service.Services).RunAsync(new TimerInfo(), default);

    private static async Task<List<string>> KindsAsync(TestService service, string userId) =>
        await service.Table("Users").RangeAsync(userId, "a", "z", default).Select(r => r.Key.Split('_')[0]).ToListAsync();
}
