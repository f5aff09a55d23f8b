using System.Diagnostics;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.EndToEnd.Fixtures;

/// <summary>The demo frontends, served as <c>scripts/dev</c> serves them.</summary>
internal sealed class Frontends : IDisposable
{
    private readonly Process process;

    private Frontends(Process process) => this.process = process;

    public static async Task<Frontends> StartAsync(int port, int frontendPort)
    {
        Azurite.EnsurePackages();
        var process = Process.Start(new ProcessStartInfo("node")
        {
            ArgumentList = { "scripts/lib/serve-frontends.mjs", "--port", $"{port}", "--frontend-port", $"{frontendPort}" },
            WorkingDirectory = Azurite.RepositoryRoot,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var line = await process.StandardOutput.ReadLineAsync();
        return line == "ready" ? new Frontends(process) : throw new InvalidOperationException($"The frontends did not start: {line}");
    }

    /// <summary>They end with their standard input, and so even if this process is killed.</summary>
    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit(TimeSpan.FromSeconds(5));
        process.Dispose();
    }
}
