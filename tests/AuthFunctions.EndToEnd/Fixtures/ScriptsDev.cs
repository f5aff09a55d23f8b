using System.Diagnostics;
using System.Text;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.EndToEnd.Fixtures;

/// <summary><c>scripts/dev</c> as a person runs it, on ports of its own and with data in memory.</summary>
internal sealed class ScriptsDev : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(5);

    private readonly Process process;

    private ScriptsDev(Process process)
    {
        this.process = process;
        AppDomain.CurrentDomain.ProcessExit += Kill;
    }

    public static async Task<ScriptsDev> StartAsync(int port, int frontendPort)
    {
        var process = Process.Start(new ProcessStartInfo("node")
        {
            ArgumentList = { "scripts/lib/dev.mjs", "--port", $"{port}", "--frontend-port", $"{frontendPort}", "--data", "memory" },
            WorkingDirectory = Azurite.RepositoryRoot,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, ready) = (new StringBuilder(), new TaskCompletionSource<bool>());
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var ended = process.WaitForExitAsync();
        var first = await Task.WhenAny(ready.Task, ended, Task.Delay(ReadyWithin));
        return first == ready.Task ? new ScriptsDev(process) : throw new InvalidOperationException($"scripts/dev did not get ready:\n{output}");

        void Hear(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }

            if (line?.StartsWith("AuthFunctions is ready", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult(true);
            }
        }
    }

    /// <summary>What it started ends with it, however it ends: its watchdog sees to that.</summary>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Kill(object? sender, EventArgs e) => process.Kill();
}
