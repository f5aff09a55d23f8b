using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using AuthFunctions.Storage;
using Azure.Data.Tables;

namespace AuthFunctions.Tests.Fixtures;

/// <summary>
/// The storage emulator's services: one of each for a test run, in memory, on a free port, under an account of its own. Started by
/// the first test that asks; a machine without Node fails those tests rather than skip them.
/// </summary>
internal sealed class Azurite
{
    private const string Account = "tests";

    private static readonly Lazy<Azurite> LazyShared = new(() => Start("table"));
    private static readonly Lazy<Azurite> LazyQueues = new(() => Start("queue"));

    private static readonly Lazy<bool> Packages = new(InstallMissing);

    private static readonly string[] PackageFiles =
    [
        "@redocly/cli/package.json", "axe-core/package.json", "azurite/package.json", "esbuild/package.json", "jose/package.json",
        "oauth4webapi/package.json", "oidc-client-ts/package.json", "oidc-provider/package.json", "openid-client/package.json",
        "tree-sitter-bicep/package.json", "web-tree-sitter/package.json",
    ];

    private readonly Lazy<TableServiceClient> service;

    private Azurite(string connectionString)
    {
        ConnectionString = connectionString;
        service = new(() => new TableServiceClient(connectionString));
    }

    /// <summary>The tables.</summary>
    public static Azurite Shared => LazyShared.Value;

    /// <summary>The queues, in a process of their own: few tests need them.</summary>
    public static Azurite Queues => LazyQueues.Value;

    /// <summary>The folder of AuthFunctions.sln.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    public string ConnectionString { get; }

    /// <summary>Installs what package-lock.json names where something is missing: once, since it removes what is there first.</summary>
    public static void EnsurePackages() => _ = Packages.Value;

    /// <summary>A table, which the first write makes.</summary>
    public AzureTable Table(string name) => new(service.Value.GetTableClient(name));

    private static Azurite Start(string kind)
    {
        var script = Path.Combine(RepositoryRoot, "node_modules", "azurite", "dist", "src", kind, "main.js");
        EnsurePackages();

        // Another process may take the port between the look and the start.
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
            var output = new StringWriter();
            var process = Run(Node(script, kind, port, key), TextWriter.Synchronized(output));
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill(process);
            if (Answers(process, kind, port))
            {
                return new Azurite(
                    $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={key};"
                    + $"{(kind == "table" ? "Table" : "Queue")}Endpoint=http://127.0.0.1:{port}/{Account}");
            }

            Kill(process);
            if (attempt == 3)
            {
                throw new InvalidOperationException($"Azurite does not answer on port {port}. It said: {output}");
            }
        }
    }

    private static ProcessStartInfo Node(string script, string kind, int port, string key)
    {
        var start = new ProcessStartInfo("node")
        {
            ArgumentList =
            {
                script, "--silent", "--disableTelemetry", "--inMemoryPersistence", $"--{kind}Host", "127.0.0.1", $"--{kind}Port", $"{port}",
            },
        };
        if (kind == "table")
        {
            // The queues' own program has no such option.
            start.ArgumentList.Add("--tableKeepAliveTimeout");
            start.ArgumentList.Add("60");
        }

        start.Environment["AZURITE_ACCOUNTS"] = $"{Account}:{key}";
        return start;
    }

    private static bool InstallMissing()
    {
        if (!PackageFiles.All(file => File.Exists(Path.Combine(RepositoryRoot, "node_modules", file))))
        {
            Install();
        }

        return true;
    }

    private static void Install()
    {
        var output = new StringWriter();
        using var npm = Run(
            new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm") { ArgumentList = { "ci", "--no-audit", "--no-fund" } },
            TextWriter.Synchronized(output));
        npm.WaitForExit();
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"npm ci ended with {npm.ExitCode}. It said: {output}");
        }
    }

    private static Process Run(ProcessStartInfo start, TextWriter output)
    {
        start.WorkingDirectory = RepositoryRoot;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            var process = Process.Start(start)!;
            process.OutputDataReceived += (_, line) => output.WriteLine(line.Data);
            process.ErrorDataReceived += (_, line) => output.WriteLine(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return process;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(
                $"These tests need Node.js 20 or later for Azurite, but {start.FileName} cannot be started.", e);
        }
    }

    private static bool Answers(Process process, string kind, int port)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromSeconds(30) && !process.HasExited)
        {
            try
            {
                // Unsigned, so it is refused; but a refusal is an answer.
                using var response = http.Send(new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/{Account}/{(kind == "table" ? "Tables" : "?comp=list")}"));
                return response.StatusCode == HttpStatusCode.Forbidden;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                Thread.Sleep(50);
            }
        }

        return false;
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AuthFunctions.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds AuthFunctions.sln.");
    }
}
