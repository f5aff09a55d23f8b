using System.Collections.Concurrent;
using AuthFunctions.Delivery;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.SignOut;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AuthFunctions.Tests.Costs;

/// <summary>A deployment as it is in Azure, keys in a vault and caller addresses from the platform, that counts what it takes.</summary>
internal sealed class CostStage : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, MemoryTable> tables = new();
    private readonly Dictionary<string, string?> settings;
    private readonly FakeVault vault;
    private readonly Ledger ledger;
    private int lastAddress;

    private CostStage(Dictionary<string, string?> settings, FakeVault vault, ManualClock clock) =>
        (this.settings, this.vault, Clock, ledger) = (settings, vault, clock, new Ledger(clock));

    public ManualClock Clock { get; }

    public TestService Service { get; private set; } = null!;

    /// <summary>Starts it.</summary>
    /// <param name="source">Where its keys are.</param>
    /// <param name="vault">The vault.</param>
    /// <param name="receiver">Where demo-web wants to be told of endings; addresses are confirmed then, too. Null: nobody is told anything.</param>
    public static async Task<CostStage> StartAsync(string source, FakeVault vault, LogoutReceiver? receiver)
    {
        var settings = vault.Settings(source);
        settings["ClientAddress:Header"] = "CLIENT-IP";
        if (receiver is not null)
        {
            settings["Accounts:ConfirmEmail"] = "true";
            settings["Clients:1:BackchannelLogoutUri"] = receiver.Url("demo-web");
        }

        var stage = new CostStage(settings, vault, new ManualClock());
        await vault.SetClockAsync(stage.Clock.GetUtcNow());
        stage.Service = await TestService.StartAsync(settings, stage.Adjust, stage.Clock);
        return stage;
    }

    /// <summary>What something takes. What it puts into the queue is delivered afterwards, uncounted.</summary>
    public async Task<Operations> CountAsync(Func<Task> action)
    {
        ledger.Take();
        await vault.ResetAsync();
        await action();
        var counted = ledger.Take();
        var calls = await vault.CallsAsync();
        var signatures = calls.GetValueOrDefault("sign");
        var others = calls.Where(c => c.Key is not ("challenge" or "token")).Sum(c => c.Value) - signatures;
        var messages = new List<string>();
        while (Service.Queue.TryTake() is { } message)
        {
            messages.Add(message);
        }

        foreach (var message in messages)
        {
            await ActivatorUtilities.CreateInstance<DeliverFunction>(Service.Services).RunAsync(message, default);
        }

        return counted with { Messages = messages.Count, Signatures = signatures, VaultCalls = others };
    }

    /// <summary>Another instance of it.</summary>
    public Task<TestService> StartSecondAsync() => Service.StartSecondAsync(settings, Adjust);

    /// <summary>Moves both clocks.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        Clock.Advance(by);
        await vault.SetClockAsync(Clock.GetUtcNow());
    }

    /// <summary>A browser whose address the platform tells, and which names itself as browsers do.</summary>
    public Browser NewBrowser(TestService? instance = null)
    {
        var browser = (instance ?? Service).NewBrowser();
        browser.Headers["CLIENT-IP"] = $"192.0.2.{Interlocked.Increment(ref lastAddress)}";
        browser.Headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        return browser;
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    private void Adjust(IServiceCollection services)
    {
        vault.Connect(services);
        services.AddSingleton<IStartupFilter>(ledger);
        services.Replace(ServiceDescriptor.Singleton<TableFactory>(
            name => new ConfirmingTable(ledger.Over(name, tables.GetOrAdd(name, _ => new MemoryTable())))));
    }
}
