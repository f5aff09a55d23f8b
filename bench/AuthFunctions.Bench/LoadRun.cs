using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace AuthFunctions.Bench;

/// <summary>Runs a plan: every chain on a connection of its own, each as fast as it is answered (a closed loop).</summary>
internal static partial class LoadRun
{
    public static async Task<Measured> RunAsync(Plan plan)
    {
        var chains = plan.Chains.Select(variables => new Chain(plan, variables)).ToList();
        var begin = Stopwatch.GetTimestamp() + (long)(plan.WarmUpSeconds * Stopwatch.Frequency);
        var end = begin + (long)(plan.Seconds * Stopwatch.Frequency);
        var running = chains.Select(chain => Task.Run(() => chain.RunAsync(begin, end))).ToList();
        await Task.Delay(TimeSpan.FromSeconds(plan.WarmUpSeconds));
        var cpuBefore = CpuOf(plan.ProcessId);
        await Task.Delay(TimeSpan.FromSeconds(plan.Seconds));
        var cpu = CpuOf(plan.ProcessId) - cpuBefore;
        await Task.WhenAll(running);

        var durations = chains.SelectMany(chain => chain.Durations).Order().ToList();
        using var process = Process.GetProcessById(plan.ProcessId);
        return new Measured(
            durations.Count,
            durations.Count / plan.Seconds,
            At(durations, 0.50),
            At(durations, 0.99),
            durations.Count == 0 ? 0 : cpu.TotalMicroseconds / durations.Count,
            process.WorkingSet64 / 1024.0 / 1024.0,
            chains.Sum(chain => chain.Refused),
            chains.Select(chain => chain.FirstRefusal).FirstOrDefault(refusal => refusal is not null));
    }

    private static TimeSpan CpuOf(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }

    private static double At(List<double> sorted, double share) => sorted.Count == 0 ? 0 : sorted[(int)(share * (sorted.Count - 1))];

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Variable();

    /// <summary>One connection and what it knows.</summary>
    private sealed class Chain
    {
        private readonly int port;
        private readonly Dictionary<string, string> variables;
        private readonly List<(Step Step, byte[]? Ready, List<(string Name, Regex Pattern)> Extract)> steps;

        public Chain(Plan plan, Dictionary<string, string> variables)
        {
            (port, this.variables) = (plan.Port, new(variables, StringComparer.Ordinal));

            // What no answer changes is made once.
            var changing = plan.Steps.SelectMany(s => s.Extract?.Keys ?? Enumerable.Empty<string>()).ToHashSet(StringComparer.Ordinal);
            steps = [.. plan.Steps.Select(step => (
                step,
                Variable().Matches(step.Head + step.Body).Any(m => changing.Contains(m.Groups[1].Value)) ? null : Bytes(step),
                (step.Extract ?? []).Select(e => (e.Key, new Regex(e.Value, RegexOptions.Compiled))).ToList()))];
        }

        /// <summary>How long each round took, in milliseconds.</summary>
        public List<double> Durations { get; } = [];

        public int Refused { get; private set; }

        public string? FirstRefusal { get; private set; }

        public async Task RunAsync(long begin, long end)
        {
            using var connection = new RawConnection(port);
            for (var started = Stopwatch.GetTimestamp(); started < end; started = Stopwatch.GetTimestamp())
            {
                if (!await RoundAsync(connection))
                {
                    // The chain is broken: what it had was used up.
                    return;
                }

                var done = Stopwatch.GetTimestamp();
                if (started >= begin && done <= end)
                {
                    Durations.Add((done - started) * 1000.0 / Stopwatch.Frequency);
                }
            }
        }

        private async Task<bool> RoundAsync(RawConnection connection)
        {
            foreach (var (step, ready, extract) in steps)
            {
                var answer = await connection.SendAsync(ready ?? Bytes(step));
                if (answer.Status != step.Status)
                {
                    Refused++;
                    FirstRefusal ??= answer.ToString();
                    return false;
                }

                if (extract.Count > 0)
                {
                    var text = answer.ToString();
                    foreach (var (name, pattern) in extract)
                    {
                        variables[name] = pattern.Match(text) is { Success: true } match
                            ? match.Groups[1].Value
                            : throw new InvalidDataException($"No {name} in\n{text}");
                    }
                }
            }

            return true;
        }

        private byte[] Bytes(Step step)
        {
            var body = step.Body is null ? null : Fill(step.Body);
            var head = Fill(step.Head).Replace("\n", "\r\n", StringComparison.Ordinal);
            var length = body is null ? "" : $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n";
            return Encoding.UTF8.GetBytes($"{head}\r\n{length}\r\n{body}");
        }

        private string Fill(string template) => Variable().Replace(template, m => variables[m.Groups[1].Value]);
    }
}
