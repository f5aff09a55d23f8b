using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Offline.Functions;

/// <summary>The generic host with the app's functions on Kestrel, listening on loopback only.</summary>
internal sealed class LocalHost(IHost host, LocalApp app, int port, IReadOnlyList<string> faults) : IHost, IAsyncDisposable
{
    // Kestrel adds a second for aborted requests that will not end; Ctrl+C should take two at most.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromMilliseconds(500);

    public IServiceProvider Services => host.Services;

    public static LocalHost Build(
        LocalApp app,
        HostJson hostJson,
        IConfiguration configuration,
        IHostEnvironment environment,
        IServiceCollection services,
        IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware,
        Action<IHostBuilder> useContainer)
    {
        var functions = FunctionLoader.Load(app.Types, hostJson.RoutePrefix, configuration);
        var faults = ListenPort.TryRead(app.Args, out var port, out var fault) ? functions.Faults : [.. functions.Faults, fault];

        var builder = new HostBuilder()
            .ConfigureHostConfiguration(host => host.AddInMemoryCollection(
            [
                new(HostDefaults.EnvironmentKey, environment.EnvironmentName),
                new(HostDefaults.ContentRootKey, environment.ContentRootPath),
            ]))
            .ConfigureAppConfiguration(host => host.AddConfiguration(configuration, shouldDisposeConfiguration: true))
            .ConfigureServices(host => host
                .AddRouting()
                .Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout)
                .Configure<KestrelServerOptions>(options => Listen(options, port))
                .AddSingleton(functions)
                .AddSingleton(WebIntegration.Pipeline(middleware))
                .AddSingleton<HttpInvoker>()
                .AddSingleton<TimerService>()
                .AddSingleton<QueueService>()
                .AddSingleton<AdminEndpoint>())

            // Before the app's services: the real worker listens before it starts the app's hosted services.
            .ConfigureWebHost(
                web => web
                    .UseKestrelCore()
                    .Configure(HttpPipeline.Configure)
                    .UseSetting(WebHostDefaults.ApplicationKey, environment.ApplicationName),
                options => options.SuppressEnvironmentConfiguration = true)
            .ConfigureServices(host =>
            {
                foreach (var service in services)
                {
                    host.Add(service);
                }

                host.AddHostedService(provider => provider.GetRequiredService<TimerService>());
                host.AddHostedService(provider => provider.GetRequiredService<QueueService>());
            });
        useContainer(builder);
        return new LocalHost(builder.Build(), app, port, faults);
    }

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            if (faults.Count > 0)
            {
                throw new FunctionLoadException(faults);
            }

            await host.StartAsync(cancellationToken);
        }
        catch (Exception fault) when (app.OwnsProcess && Explain(fault) is { } explanation)
        {
            // These are for whoever started the app to mend, who needs no stack trace for it.
            await DisposeAsync();
            await Console.Error.WriteLineAsync(explanation);
            Environment.Exit(1);
        }

        var address = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Console.WriteLine($"listening on http://127.0.0.1:{new Uri(address).Port}");
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    public void Dispose() => host.Dispose();

    public ValueTask DisposeAsync() => ((IAsyncDisposable)host).DisposeAsync();

    private static void Listen(KestrelServerOptions options, int port)
    {
        if (port == 0)
        {
            options.Listen(IPAddress.Loopback, port);
            return;
        }

        // 127.0.0.1 and [::1]; a machine that lacks one of them makes do with the other.
        options.ListenLocalhost(port);
    }

    private string? Explain(Exception fault) => fault switch
    {
        FunctionLoadException => fault.Message,
        IOException { InnerException: AddressInUseException } =>
            $"Port {port} is in use. Stop what listens there, or pass --port with another.",
        IOException => fault.Message,
        OptionsValidationException validation => string.Join(Environment.NewLine, validation.Failures),
        AggregateException { InnerExceptions: var all } when all.All(inner => inner is OptionsValidationException) =>
            string.Join(Environment.NewLine, all.Select(Explain)),
        _ => null,
    };
}
