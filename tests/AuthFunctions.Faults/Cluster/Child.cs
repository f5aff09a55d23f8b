using System.Collections.Concurrent;
using System.Diagnostics;

namespace AuthFunctions.Faults.Cluster;

/// <summary>A process that this one started, and that ends with it at the latest.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly string name;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> awaited = new();
    private readonly TextWriter? log;

    private Child(string name, ProcessStartInfo start, TextWriter? log)
    {
        this.name = name;
        this.log = log;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        process = Process.Start(start) ?? throw new InvalidOperationException($"{name} cannot be started.");
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>True once it ended, by itself or not.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>Its input.</summary>
    public TextWriter Input => process.StandardInput;

    /// <summary>What it said last.</summary>
    public string LastWords => string.Join('\n', lines);

    public static Child Start(
        string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, TextWriter? log = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Repository.Root };
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }

        return new Child(name, start, log);
    }

    /// <summary>The first line from now on that begins so.</summary>
    public async Task<string> LineAsync(string prefix)
    {
        var line = awaited.GetOrAdd(prefix, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        if (lines.FirstOrDefault(l => l.StartsWith(prefix, StringComparison.Ordinal)) is { } said)
        {
            return said;
        }

        if (await Task.WhenAny(line, process.WaitForExitAsync(), Task.Delay(Patience)) != line)
        {
            throw new InvalidOperationException($"{name} did not say '{prefix}'. It said:\n{LastWords}");
        }

        return await line;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
    }

    /// <summary>SIGINT, and what it takes to end by it.</summary>
    public async Task InterruptAsync()
    {
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await process.WaitForExitAsync().WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        await KillAsync();
        process.Dispose();
    }

    private void OnProcessExit(object? sender, EventArgs e)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        log?.WriteLine(line);
        lines.Enqueue(line);
        if (lines.Count > 40)
        {
            lines.TryDequeue(out _);
        }

        foreach (var (prefix, waiting) in awaited)
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal) && awaited.TryRemove(prefix, out _))
            {
                waiting.TrySetResult(line);
            }
        }
    }
}
