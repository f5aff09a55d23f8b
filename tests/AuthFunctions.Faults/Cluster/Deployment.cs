using System.Diagnostics;
using AuthFunctions.Faults.Proxy;
using AuthFunctions.Storage;
using Azure.Data.Tables;

namespace AuthFunctions.Faults.Cluster;

/// <summary>Two instances of the service, their storage, and the proxy between them.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    /// <summary>How many instances answer at once.</summary>
    public const int Size = 2;

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly TimeSpan[] skews = new TimeSpan[Size];
    private readonly TimeSpan leeway;
    private readonly TextWriter log;
    private Dictionary<string, string?> settings = [];
    private IReadOnlyDictionary<string, string> environment = new Dictionary<string, string>();
    private TimeSpan ahead;

    public Deployment(string folder, TimeSpan leeway)
    {
        Directory.CreateDirectory(folder);
        Folder = folder;
        this.leeway = leeway;
        log = TextWriter.Synchronized(new StreamWriter(Path.Combine(folder, "instances.log")) { AutoFlush = true });
        Instances = [.. Enumerable.Range(0, Size).Select(n => new Instance(n, log))];
    }

    /// <summary>Where its data and its output are.</summary>
    public string Folder { get; }

    public IReadOnlyList<Instance> Instances { get; }

    public StorageProxy Proxy { get; } = new();

    public AzuriteProcess Storage { get; private set; } = null!;

    /// <summary>Where storage keeps its data.</summary>
    public string DataFolder { get; set; } = null!;

    /// <summary>The moment by the clock that instances without skew go by.</summary>
    public TimeSpan Now => watch.Elapsed + ahead;

    public async Task StartAsync()
    {
        DataFolder = Path.Combine(Folder, "data");
        if (Directory.Exists(DataFolder))
        {
            Directory.Delete(DataFolder, recursive: true);
        }

        await StartStorageAsync();
        settings = new(Repository.SampleSettings())
        {
            ["Storage:ConnectionString"] = ConnectionString(Proxy.Port),
            ["AzureWebJobsStorage"] = "",
            ["Passwords:Iterations"] = "1000",
            ["Sessions:RefreshLeeway"] = leeway.ToString(),

            // A session that ended is asked for by its access token much later.
            ["Tokens:AccessTokenLifetime"] = "01:00:00",
            ["Telemetry:LogEvery"] = "00:00:00",
            ["Logging:LogLevel:Default"] = "Warning",
        };

        // The first makes the keys, the second finds them.
        foreach (var instance in Instances)
        {
            await StartAsync(instance);
        }
    }

    /// <summary>Starts storage on its data, for the proxy to lead to.</summary>
    public async Task StartStorageAsync(long? largestFile = null)
    {
        Storage = await AzuriteProcess.StartAsync(DataFolder, largestFile);
        Proxy.Target = Storage.Port;
    }

    /// <summary>Stops storage so that it keeps what it has.</summary>
    public async Task StopStorageAsync()
    {
        var stopping = Storage.InterruptAsync();
        await Task.Delay(100);
        Proxy.Cut();
        await stopping;
        await Storage.DisposeAsync();
    }

    /// <summary>Starts an instance where none runs.</summary>
    public Task StartAsync(Instance instance) => instance.StartAsync(settings, environment, ahead + skews[instance.Number]);

    /// <summary>Starts all instances anew, with other keys. A ring of keys that was not sealed by them is none of theirs.</summary>
    public async Task RestartAsync(IReadOnlyDictionary<string, string?> more, IReadOnlyDictionary<string, string> variables)
    {
        await Task.WhenAll(Instances.Select(i => i.KillAsync()));
        var ring = Tables().GetTableClient(TableNames.DataProtection);
        await foreach (var row in ring.QueryAsync<TableEntity>("PartitionKey ge ''"))
        {
            await ring.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag);
        }

        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        environment = variables;
        foreach (var instance in Instances)
        {
            await StartAsync(instance);
        }
    }

    /// <summary>Lets time pass for all instances.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        ahead += time;
        await SetClocksAsync();
    }

    /// <summary>Sets how far each instance's clock is ahead of what it should be.</summary>
    public async Task SkewAsync(TimeSpan first, TimeSpan second)
    {
        (skews[0], skews[1]) = (first, second);
        await SetClocksAsync();
    }

    /// <summary>Sets all clocks to the one that is furthest ahead: none goes backwards.</summary>
    public async Task EvenOutAsync()
    {
        ahead += skews.Max();
        Array.Clear(skews);
        await SetClocksAsync();
    }

    /// <summary>The tables, past the proxy.</summary>
    public TableServiceClient Tables() => new(ConnectionString(Storage.Port), new TableClientOptions());

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in Instances)
        {
            await instance.DisposeAsync();
        }

        Proxy.Dispose();
        if (Storage is not null)
        {
            await Storage.DisposeAsync();
        }

        await log.DisposeAsync();
    }

    private Task SetClocksAsync() => Task.WhenAll(Instances.Select(i => i.SetClockAsync(ahead + skews[i.Number])));

    private static string ConnectionString(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={AzuriteProcess.Account};AccountKey={AzuriteProcess.AccountKey};"
        + $"TableEndpoint=http://127.0.0.1:{port}/{AzuriteProcess.Account};QueueEndpoint=http://127.0.0.1:{port}/{AzuriteProcess.Account}";
}
