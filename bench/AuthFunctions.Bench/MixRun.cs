using System.Diagnostics;
using System.Text.Json;

namespace AuthFunctions.Bench;

/// <summary>Runs a mix: every load at its own pace, and a line of JSON for each window.</summary>
internal static class MixRun
{
    // The first round is due once every chain waits for it.
    private static readonly TimeSpan Start = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan End = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(Mix mix, TextWriter output)
    {
        var begin = Stopwatch.GetTimestamp() + (long)(Start.TotalSeconds * Stopwatch.Frequency);
        var loads = mix.Loads.ToDictionary(load => load.Key, load => new PacedLoad(load.Value));
        var running = Task.WhenAll(loads.Values.Select(load => load.RunAsync(begin, mix.Seconds)));
        for (var second = mix.WindowSeconds; !running.IsCompleted; second += mix.WindowSeconds)
        {
            var left = TimeSpan.FromSeconds(second) - Stopwatch.GetElapsedTime(begin);
            await Task.WhenAny(running, Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero));
            await output.WriteLineAsync(
                JsonSerializer.Serialize(loads.ToDictionary(load => load.Key, load => load.Value.Take()), BenchJson.Default.DictionaryStringTally));
        }

        await running;

        // Whoever reads the last line looks up what this process took, too.
        await Task.Delay(End);
    }
}
