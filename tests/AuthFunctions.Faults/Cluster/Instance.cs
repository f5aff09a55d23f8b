using System.Globalization;
using System.Text.Json;

namespace AuthFunctions.Faults.Cluster;

/// <summary>A place where an instance of the service runs: it can be killed there, and started again on another port.</summary>
internal sealed class Instance(int number, TextWriter log) : IAsyncDisposable
{
    private Child? child;
    private volatile int port;

    /// <summary>Which of them, from 0.</summary>
    public int Number => number;

    /// <summary>The port of 127.0.0.1 that it listens on; of one that is dead nobody does.</summary>
    public int Port => port;

    public async Task StartAsync(IReadOnlyDictionary<string, string?> settings, IReadOnlyDictionary<string, string> environment, TimeSpan ahead)
    {
        await DisposeAsync();
        child = Child.Start(
            $"instance {number}", "dotnet", [typeof(Instance).Assembly.Location, "instance"],

            // What an instance takes to compile is most of its start; who is killed every second need not run fast.
            new Dictionary<string, string>(environment) { ["DOTNET_TieredPGO"] = "0", ["DOTNET_gcServer"] = "0" }, log);
        await child.Input.WriteLineAsync(JsonSerializer.Serialize(settings));
        await child.Input.WriteLineAsync(Seconds(ahead));
        await child.Input.FlushAsync();
        var line = await child.LineAsync("listening on ");
        port = new Uri(line["listening on ".Length..]).Port;
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => child!.KillAsync();

    /// <summary>Sets its clock.</summary>
    public async Task SetClockAsync(TimeSpan ahead)
    {
        var told = child!.LineAsync("clock " + Seconds(ahead));
        await child.Input.WriteLineAsync(Seconds(ahead));
        await child.Input.FlushAsync();
        await told;
    }

    public async ValueTask DisposeAsync()
    {
        if (child is not null)
        {
            await child.DisposeAsync();
        }
    }

    private static string Seconds(TimeSpan ahead) => ahead.TotalSeconds.ToString(CultureInfo.InvariantCulture);
}
