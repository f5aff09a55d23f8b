using System.Net;
using System.Net.Sockets;

namespace AuthFunctions.Faults.Cluster;

/// <summary>
/// The storage emulator's tables, on disk, so that they outlive its process. It saves every five seconds and on SIGINT; whatever else ends
/// it takes the last seconds back, although it had acknowledged them.
/// </summary>
internal sealed class AzuriteProcess : IAsyncDisposable
{
    public const string Account = "devstoreaccount1";

    // Published with Azurite; it opens nothing else.
    public const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly Child child;

    private AzuriteProcess(Child child, int port) => (this.child, Port) = (child, port);

    /// <summary>The port of 127.0.0.1 that it listens on.</summary>
    public int Port { get; }

    /// <summary>What holds its tables.</summary>
    public static string DataFile(string folder) => Path.Combine(folder, "__azurite_db_table__.json");

    /// <summary>Starts it on a folder.</summary>
    /// <param name="folder">Its data.</param>
    /// <param name="largestFile">Bytes that a file of its may have (RLIMIT_FSIZE), or null: a full disk, for whoever may mount none.</param>
    public static async Task<AzuriteProcess> StartAsync(string folder, long? largestFile = null)
    {
        Directory.CreateDirectory(folder);
        var port = FreePort();
        string[] command =
        [
            "node", Path.Combine(Repository.Root, "node_modules", "azurite", "dist", "src", "table", "main.js"),
            "--silent", "--disableTelemetry", "--location", folder,
            "--tableHost", "127.0.0.1", "--tablePort", $"{port}", "--tableKeepAliveTimeout", "60",
        ];
        var child = largestFile is { } bytes
            ? Child.Start("Azurite", "bash", ["-c", $"ulimit -f {bytes / 1024}; trap '' XFSZ; exec \"$@\"", "azurite", .. command])
            : Child.Start("Azurite", command[0], command[1..]);
        await child.LineAsync("Azurite Table service successfully started");
        return new AzuriteProcess(child, port);
    }

    /// <summary>Stops it as a person would: it saves everything.</summary>
    public Task InterruptAsync() => child.InterruptAsync();

    /// <summary>kill -9.</summary>
    public ValueTask DisposeAsync() => child.DisposeAsync();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
