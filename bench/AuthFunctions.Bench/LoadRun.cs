using System.Diagnostics;

namespace AuthFunctions.Bench;

/// <summary>Runs a plan: every chain on a connection of its own, each as fast as it is answered (a closed loop).</summary>
internal static class LoadRun
{
    public static async Task<Measured> RunAsync(Plan plan)
    {
        var chains = plan.Chains.Select(variables => new Chain(plan.Port, variables, plan.Steps)).ToList();
        var begin = Stopwatch.GetTimestamp() + (long)(plan.WarmUpSeconds * Stopwatch.Frequency);
        var end = begin + (long)(plan.Seconds * Stopwatch.Frequency);
        var running = chains.Select(chain => Task.Run(() => RepeatAsync(chain, begin, end))).ToList();
        await Task.Delay(TimeSpan.FromSeconds(plan.WarmUpSeconds));
        var cpuBefore = CpuOf(plan.ProcessId);
        await Task.Delay(TimeSpan.FromSeconds(plan.Seconds));
        var cpu = CpuOf(plan.ProcessId) - cpuBefore;
        var durations = (await Task.WhenAll(running)).SelectMany(own => own).Order().ToList();

        using var process = Process.GetProcessById(plan.ProcessId);
        return new Measured(
            durations.Count,
            durations.Count / plan.Seconds,
            At(durations, 0.50),
            At(durations, 0.99),
            durations.Count == 0 ? 0 : cpu.TotalMicroseconds / durations.Count,
            process.WorkingSet64 / 1024.0 / 1024.0,
            chains.Count(chain => chain.Refusal is not null),
            chains.Select(chain => chain.Refusal).FirstOrDefault(refusal => refusal is not null));
    }

    /// <summary>How long each round that ended between the two moments took, in milliseconds.</summary>
    private static async Task<List<double>> RepeatAsync(Chain chain, long begin, long end)
    {
        using var _ = chain;
        var durations = new List<double>();
        for (var started = Stopwatch.GetTimestamp(); started < end; started = Stopwatch.GetTimestamp())
        {
            if (!await chain.RoundAsync())
            {
                // The chain is broken: what it had was used up.
                break;
            }

            var done = Stopwatch.GetTimestamp();
            if (done >= begin && done <= end)
            {
                durations.Add((done - started) * 1000.0 / Stopwatch.Frequency);
            }
        }

        return durations;
    }

    private static TimeSpan CpuOf(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }

    private static double At(List<double> sorted, double share) => sorted.Count == 0 ? 0 : sorted[(int)(share * (sorted.Count - 1))];
}
