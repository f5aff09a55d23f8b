using AuthFunctions.Offline.Functions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Tests.Offline;

/// <summary>The local Functions host with sample functions (SampleFunctions.cs), in a folder of its own.</summary>
public abstract class SampleHost : IDisposable
{
    private protected const string EmptyPrefix = """{ "extensions": { "http": { "routePrefix": "" } } }""";

    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("authfunctions-host-").FullName;

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected FunctionsApplicationBuilder Builder(Type[] functions, params string[] arguments)
    {
        var app = new LocalApp(typeof(SampleHost).Assembly, functions, Folder, arguments);
        var builder = new FunctionsApplicationBuilder(app);
        builder.Logging.ClearProviders();
        return builder;
    }

    private protected async Task<RunningApp> StartAsync(
        Type[] functions,
        Action<FunctionsApplicationBuilder>? configure = null,
        string? hostJson = EmptyPrefix,
        string[]? arguments = null)
    {
        if (hostJson is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(Folder, "host.json"), hostJson);
        }

        var builder = Builder(functions, ["--port", "0", .. arguments ?? []]);
        (configure ?? (app => app.ConfigureFunctionsWebApplication()))(builder);
        var host = builder.Build();
        await host.StartAsync();
        return new RunningApp(host);
    }

    private protected sealed class RunningApp(IHost host) : IAsyncDisposable
    {
        public IHost Host => host;

        public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(
                host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
        };

        public async Task<HttpResponseMessage> SendAsync(string method, string path)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            return await Http.SendAsync(request);
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await host.StopAsync();
            host.Dispose();
        }
    }
}
