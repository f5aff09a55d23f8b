using System.Collections.Concurrent;
using System.Text.Json;
using AuthFunctions.Delivery;
using AuthFunctions.SigningKeys;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Approved;
using AuthFunctions.Tests.Storage;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Tests.Fixtures;

/// <summary>
/// The whole service on Kestrel with the settings of local.settings.sample.json, on tables in memory or on Azurite, under a clock that tests
/// move. Each table is Counting(Confirming(Faulting(Memory or Azure))). A setting Keys:Source brings a real source of keys; else it is one
/// in memory.
/// </summary>
internal sealed class TestService : IAsyncDisposable
{
    public const string Contoso = "http://auth.contoso.localhost:7071";
    public const string Fabrikam = "http://auth.fabrikam.localhost:7071";
    public const string ContosoApp = "http://app.contoso.localhost:5173";
    public const string FabrikamApp = "http://app.fabrikam.localhost:5173";
    public const string Password = "a long enough password";

    /// <summary>The host goes by the machine's clock: at seven minutes past the hour some test would meet a rotation that it did not ask for.</summary>
    private static readonly Dictionary<string, string?> Untimed =
        Contract.Timers.ToDictionary(timer => $"AzureWebJobs.{timer.Function}.Disabled", _ => (string?)"true");

    private readonly IHost host;
    private readonly ConcurrentDictionary<string, ITable> inner;
    private readonly Func<string, ITable> open;

    private TestService(
        IHost host, ConcurrentDictionary<string, ITable> inner, Func<string, ITable> open, ManualClock clock, FaultingKeySource keys,
        MemoryQueue queue)
    {
        this.host = host;
        this.inner = inner;
        this.open = open;
        Clock = clock;
        Keys = keys;
        Queue = queue;
        Port = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    public IServiceProvider Services => host.Services;

    public ManualClock Clock { get; }

    public FaultingKeySource Keys { get; }

    /// <summary>What should wake the delivery; nothing does until a test takes it (<see cref="DeliverAsync"/>).</summary>
    public MemoryQueue Queue { get; }

    /// <summary>The port of 127.0.0.1 that it listens on; its issuers keep the sample's.</summary>
    public int Port { get; }

    public required TableCounter Counter { get; init; }

    public required LogSink Log { get; init; }

    /// <summary>The table between the service and its storage, to make it fail.</summary>
    public required ConcurrentDictionary<string, FaultingTable> Faults { get; init; }

    /// <summary>The mails that were sent so far.</summary>
    public IReadOnlyList<OutgoingMail> Mails => ((DevelopmentMailbox)Get<IMailSender>()).Mails;

    public CountingHasher Hasher => (CountingHasher)Services.GetRequiredService<IPasswordHasher<UserRow>>();

    /// <summary>Starts a service on tables in memory.</summary>
    /// <param name="settings">Settings over the sample's, as <c>Section:Name</c>.</param>
    /// <param name="adjust">Services to replace.</param>
    /// <param name="clock">Its clock, where others go by the machine's.</param>
    public static Task<TestService> StartAsync(
        Dictionary<string, string?>? settings = null, Action<IServiceCollection>? adjust = null, ManualClock? clock = null) =>
        StartAsync(new(), _ => new MemoryTable(), clock ?? new(), new FaultingKeySource(), new MemoryQueue(), settings, adjust);

    /// <summary>Starts a service on tables of its own in Azurite; on a port of its choice unless told one.</summary>
    public static Task<TestService> StartOnAzuriteAsync(Dictionary<string, string?>? settings = null, ManualClock? clock = null, int port = 0)
    {
        var prefix = "t" + Guid.NewGuid().ToString("N")[..12];
        return StartAsync(
            new(), name => Azurite.Shared.Table(prefix + name), clock ?? new(), new FaultingKeySource(), new MemoryQueue(), settings, null, port);
    }

    /// <summary>Another instance of the same deployment: same tables, keys and clock.</summary>
    public Task<TestService> StartSecondAsync(Dictionary<string, string?>? settings = null, Action<IServiceCollection>? adjust = null) =>
        StartAsync(inner, open, Clock, Keys, Queue, settings, adjust);

    /// <summary>A browser with an empty cookie jar.</summary>
    public Browser NewBrowser() => new(Port, Clock);

    /// <summary>A browser in which a new person has just registered at contoso.</summary>
    public async Task<Browser> SignedInAsync(string site = Contoso, string? email = null)
    {
        var browser = NewBrowser();
        using var response = await browser.PostAsync(
            site + "/register", new { email = email ?? NewEmail(), password = Password, name = "Test Person" });
        Assert.True((int)response.StatusCode == 201, $"{(int)response.StatusCode}\n{string.Join('\n', Log.Lines)}");
        return browser;
    }

    /// <summary>Runs the delivery for each message that is in the queue, as the Functions host would.</summary>
    public async Task DeliverAsync()
    {
        while (Queue.TryTake() is { } message)
        {
            await ActivatorUtilities.CreateInstance<DeliverFunction>(Services).RunAsync(message, default);
        }
    }

    /// <summary>Lets a minute pass, and the timer and the delivery run.</summary>
    public async Task RequeueAsync(TimeSpan? after = null)
    {
        Clock.Advance(after ?? TimeSpan.FromMinutes(1));
        await ActivatorUtilities.CreateInstance<RequeueFunction>(Services).RunAsync(new TimerInfo(), default);
        await DeliverAsync();
    }

    /// <summary>The link of the mail that was sent last, once what is in the queue is delivered.</summary>
    public async Task<string> LinkAsync()
    {
        await DeliverAsync();
        return Mails.SelectMany(m => m.Text.Split('\n')).Last(l => l.StartsWith("http", StringComparison.Ordinal) && l.Contains("?token=", StringComparison.Ordinal));
    }

    /// <summary>An address that nobody has.</summary>
    public static string NewEmail() => $"p{Guid.NewGuid():N}@people.test";

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>A table as the service sees it.</summary>
    public ITable Table(string name) => Services.GetRequiredKeyedService<ITable>(name);

    /// <summary>A user's rows whose key begins so.</summary>
    public ValueTask<List<Row>> RowsAsync(string userId, string prefix) =>
        Table("Users").RangeAsync(userId, prefix, prefix + "~", default).ToListAsync();

    /// <summary>A user's audit events of one kind.</summary>
    public async Task<List<Row>> EventsAsync(string userId, string kind) =>
        [.. (await RowsAsync(userId, "event_")).Where(e => kind.Equals(e.Columns["Kind"]))];

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        Assert.Empty(Log.Leaks);
    }

    private static async Task<TestService> StartAsync(
        ConcurrentDictionary<string, ITable> inner, Func<string, ITable> open, ManualClock clock, FaultingKeySource keys,
        MemoryQueue queue, Dictionary<string, string?>? settings, Action<IServiceCollection>? adjust, int port = 0)
    {
        var counter = new TableCounter();
        var log = new LogSink();
        var faults = new ConcurrentDictionary<string, FaultingTable>();
        var host = Program.Build(["--port", $"{port}", "--environment", "Development"], builder =>
        {
            builder.Configuration.Sources.Clear();
            builder.Configuration.AddInMemoryCollection(Sample());
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Passwords:Iterations"] = "1000", ["AzureWebJobsStorage"] = "" });
            builder.Configuration.AddInMemoryCollection(Untimed);
            builder.Configuration.AddInMemoryCollection(settings ?? []);
            builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Information);

            var services = builder.Services;
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
            services.Replace(ServiceDescriptor.Singleton<IQueue>(queue));
            if (settings?.ContainsKey("Keys:Source") != true)
            {
                services.Replace(ServiceDescriptor.Singleton<IKeySource>(keys));
            }

            services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<UserRow>>(provider =>
                new CountingHasher(new PasswordHasher<UserRow>(provider.GetRequiredService<IOptions<PasswordHasherOptions>>()))));
            services.Replace(ServiceDescriptor.Singleton<TableFactory>(name =>
            {
                var faulting = faults.GetOrAdd(name, n => new FaultingTable(inner.GetOrAdd(n, open)));
                return new CountingTable(new ConfirmingTable(faulting), counter);
            }));
            adjust?.Invoke(services);
        });
        await host.StartAsync();
        return new TestService(host, inner, open, clock, keys, queue) { Counter = counter, Log = log, Faults = faults };
    }

    /// <summary>The values of the sample, as the Functions tools would hand them to the service.</summary>
    public static Dictionary<string, string?> Sample()
    {
        using var sample = JsonDocument.Parse(File.ReadAllText(Path.Combine(Azurite.RepositoryRoot, "local.settings.sample.json")));
        return sample.RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(v => v.Name.Replace("__", ":", StringComparison.Ordinal), v => v.Value.GetString(), StringComparer.Ordinal);
    }
}
