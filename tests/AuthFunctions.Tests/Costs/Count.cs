using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.SignOut;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Costs;

/// <summary>What every flow takes, by its name.</summary>
/// <param name="Flows">Once, of a service that is warm.</param>
/// <param name="Shared">Partitions that every run of a flow touches, whoever it is for: rows in each, by flow.</param>
internal sealed record Count(IReadOnlyDictionary<string, Operations> Flows, IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Shared)
{
    public Operations this[string flow] => Flows[flow];

    /// <summary>Counts all flows with keys from that source.</summary>
    public static async Task<Count> TakeAsync(string source)
    {
        var flows = new Dictionary<string, Operations>(StringComparer.Ordinal);
        var shared = new Dictionary<string, IReadOnlyDictionary<string, int>>(StringComparer.Ordinal);
        await using var vault = await FakeVault.StartAsync();
        await using var receiver = await LogoutReceiver.StartAsync();
        await using var telling = await CostStage.StartAsync(source, vault, receiver);
        await CountAllAsync(telling, CostFlows.Telling);
        await using var plain = await CostStage.StartAsync(source, vault, null);
        await CountAllAsync(plain, CostFlows.Plain);
        await CountStartAsync(plain);
        return new Count(flows, shared);

        async Task CountAllAsync(CostStage stage, IReadOnlyList<CostFlow> all)
        {
            foreach (var flow in all)
            {
                // The first run warms what an instance keeps. The others are two people, who share nothing but what everybody shares.
                await stage.CountAsync(await flow.PrepareAsync(stage));
                var one = await stage.CountAsync(await flow.PrepareAsync(stage));
                var other = await stage.CountAsync(await flow.PrepareAsync(stage));
                Assert.True(one.Equals(other), $"{flow.Name} costs {one}, and then {other}");
                flows[flow.Name] = one;
                shared[flow.Name] = one.Partitions.Where(p => other.Partitions.ContainsKey(p.Key)).ToDictionary();
            }
        }

        async Task CountStartAsync(CostStage stage)
        {
            var email = NewEmail();
            using var registering = stage.NewBrowser();
            using var registered = await registering.PostAsync(Contoso + "/register", new { email, password = Password });
            TestService second = null!;
            flows[Costs.Flows.Start] = await stage.CountAsync(async () => second = await stage.StartSecondAsync());
            using var browser = stage.NewBrowser(second);
            var first = await stage.CountAsync(
                async () => (await browser.PostAsync(Contoso + "/login", new { email, password = Password })).Dispose());
            flows[Costs.Flows.FirstToken] = first.Less(flows[Costs.Flows.SignIn]);
            await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
            var checkedLater = await stage.CountAsync(async () => (await browser.GetAsync(Contoso + "/session")).Dispose());
            flows[Costs.Flows.Reload] = checkedLater.Less(flows[Costs.Flows.Check]);
            await second.DisposeAsync();
        }
    }
}

internal static class OperationsArithmetic
{
    /// <summary>What one took that the other did not.</summary>
    public static Operations Less(this Operations all, Operations part) => all with
    {
        Requests = all.Requests - part.Requests,
        PointReads = all.PointReads - part.PointReads,
        Queries = all.Queries - part.Queries,
        Transactions = all.Transactions - part.Transactions,
        Entities = all.Entities - part.Entities,
        Messages = all.Messages - part.Messages,
        Signatures = all.Signatures - part.Signatures,
        VaultCalls = all.VaultCalls - part.VaultCalls,
        Rows = [],
    };
}
