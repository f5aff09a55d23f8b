using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace AuthFunctions.Bench;

/// <summary>
/// A load at its pace. A round counts from the moment it was due: a server that holds up one request is charged with all that would have been
/// sent meanwhile, and not only with the one (coordinated omission).
/// </summary>
internal sealed class PacedLoad(Load load)
{
    private readonly Lock gate = new();
    private List<Round> rounds = [];
    private int refused;
    private string? firstRefusal;

    /// <summary>Sends what falls due within so many seconds from <paramref name="begin"/>, and waits for the last answer.</summary>
    public async Task RunAsync(long begin, double seconds)
    {
        var queues = load.Chains.Select(_ => Channel.CreateUnbounded<double>()).ToList();
        var serving = load.Chains.Zip(queues, (variables, queue) => Task.Run(() => ServeAsync(variables, queue.Reader, begin))).ToList();

        // A thread of its own, since it must be on time whatever the others do.
        new Thread(() => Pace(queues, begin, seconds)) { IsBackground = true, Name = "pace" }.Start();
        while (serving.Count > 0)
        {
            // One that fails ends the run at once.
            var ended = await Task.WhenAny(serving);
            serving.Remove(ended);
            await ended;
        }
    }

    /// <summary>What came of it since the last time.</summary>
    public Tally Take()
    {
        lock (gate)
        {
            var tally = new Tally(rounds, refused, firstRefusal);
            (rounds, refused) = ([], 0);
            return tally;
        }
    }

    private void Pace(List<Channel<double>> queues, long begin, double seconds)
    {
        for (var round = 0; ; round++)
        {
            var due = ((round / load.AtOnce * load.AtOnce) + load.Phase) / load.Rate;
            if (due >= seconds)
            {
                break;
            }

            Sleep(TimeSpan.FromSeconds(due) - Stopwatch.GetElapsedTime(begin));
            queues[round % queues.Count].Writer.TryWrite(due);
        }

        queues.ForEach(queue => queue.Writer.Complete());
    }

    private async Task ServeAsync(Dictionary<string, string> variables, ChannelReader<double> queue, long begin)
    {
        using var chain = new Chain(load.Port, variables, load.Steps);
        await foreach (var due in queue.ReadAllAsync())
        {
            var before = chain.Deferrals;
            var isDone = await chain.RoundAsync();
            var milliseconds = Stopwatch.GetElapsedTime(begin).TotalMilliseconds - (due * 1000);
            lock (gate)
            {
                if (isDone)
                {
                    rounds.Add(new Round(due, Math.Round(milliseconds, 3), chain.Deferrals - before));
                }
                else
                {
                    refused++;
                    firstRefusal ??= chain.Refusal;
                }
            }
        }
    }

    /// <summary>Sleeps to some 50 µs, where the runtime's own timers are late by up to 1 ms, which is longer than what is measured.</summary>
    private static void Sleep(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            _ = NanoSleep(new TimeSpec((long)time.TotalSeconds, time.Ticks % TimeSpan.TicksPerSecond * 100), IntPtr.Zero);
        }
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    private static extern int NanoSleep(in TimeSpec time, IntPtr remaining);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
