using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Samples;

/// <summary>One of the APIs of samples/, started as its README says, on a free port, with its authorization servers at a service's port.</summary>
internal sealed class OrdersApi : IAsyncDisposable
{
    public const string Dotnet = "dotnet";
    public const string Node = "node";

    private readonly Process process;
    private readonly HttpClient http = new();

    private OrdersApi(Process process, string url)
    {
        this.process = process;
        Url = url;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>Its origin.</summary>
    public string Url { get; }

    /// <summary>Starts it, with these issuers or those of its own.</summary>
    public static async Task<OrdersApi> StartAsync(string kind, TestService service, params string[] issuers)
    {
        Azurite.EnsurePackages();
        var port = FreePort();
        var start = new ProcessStartInfo(kind) { WorkingDirectory = Azurite.RepositoryRoot, RedirectStandardOutput = true, RedirectStandardError = true };
        (kind == Dotnet ? DotnetArguments(issuers) : NodeArguments(issuers)).Concat(["--port", $"{port}"]).ToList().ForEach(start.ArgumentList.Add);

        // The service's port is not its issuers': plain requests of .NET go by way of this proxy, those of Node by tests/clients/at-port.mjs.
        start.Environment["http_proxy"] = $"http://127.0.0.1:{service.Port}";
        start.Environment["no_proxy"] = "";
        start.Environment["AUTH_PORT"] = $"{service.Port}";

        var process = Process.Start(start)!;
        var api = new OrdersApi(process, $"http://127.0.0.1:{port}");
        var errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
        {
            if (line.Contains("istening on", StringComparison.Ordinal))
            {
                // What it says later is of no interest, but must not fill its pipe.
                _ = process.StandardOutput.ReadToEndAsync();
                return api;
            }
        }

        await api.DisposeAsync();
        throw new InvalidOperationException($"The {kind} sample did not start. It said: {await errors}");
    }

    /// <summary><c>GET /orders</c> with a Bearer token, or without.</summary>
    public Task<HttpResponseMessage> GetAsync(string? token) => SendAsync(HttpMethod.Get, token is null ? null : "Bearer " + token);

    /// <summary><c>POST /orders</c> with a Bearer token.</summary>
    public Task<HttpResponseMessage> PostAsync(string token, object order) => SendAsync(HttpMethod.Post, "Bearer " + token, JsonContent.Create(order));

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? authorization, HttpContent? content = null, params string[] proofs)
    {
        using var request = new HttpRequestMessage(method, Url + "/orders") { Content = content };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        if (proofs.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("DPoP", proofs);
        }

        return await http.SendAsync(request);
    }

    /// <summary>What it says about itself.</summary>
    public Task<HttpResponseMessage> MetadataAsync() => http.GetAsync(new Uri(Url + "/.well-known/oauth-protected-resource"));

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        http.Dispose();
        Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    // In the configuration of the tests, whose project reference had it built.
    private static IEnumerable<string> DotnetArguments(string[] issuers) =>
    [
        "run", "--project", "samples/orders-api-dotnet", "--no-build", "-c", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "--",
        .. issuers.SelectMany((issuer, i) => new[] { $"--issuers:{i}", issuer }),
    ];

    private static IEnumerable<string> NodeArguments(string[] issuers) =>
    [
        "--import", "./samples/orders-api-node/localhost.mjs", "--import", "./tests/clients/at-port.mjs", "samples/orders-api-node/server.mjs",
        .. issuers.SelectMany(issuer => new[] { "--issuer", issuer }),
    ];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void OnProcessExit(object? sender, EventArgs e) => Kill();

    private void Kill()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
