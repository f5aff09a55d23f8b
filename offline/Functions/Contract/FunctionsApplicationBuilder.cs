using AuthFunctions.Offline.Functions;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly LocalApp app;
    private readonly HostJson hostJson;
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware = [];
    private Action<IHostBuilder> useContainer;
    private bool built;

    internal FunctionsApplicationBuilder(LocalApp app)
    {
        this.app = app;
        hostJson = HostJson.Read(app.Directory);
        var settings = LocalSettings.Read(app.Directory);
        Environment = new HostingEnvironment
        {
            ApplicationName = app.Name,
            EnvironmentName = AppConfiguration.EnvironmentName(app, settings),
            ContentRootPath = app.Directory,
            ContentRootFileProvider = new PhysicalFileProvider(app.Directory),
        };
        AppConfiguration.AddTo(Configuration, app, settings, Environment);

        ILoggingBuilder? logging = null;
        IMetricsBuilder? metrics = null;
        Services.AddLogging(builder => logging = builder).AddMetrics(builder => metrics = builder);
        Logging = logging!;
        Metrics = metrics!;
        ConsoleLog.AddTo(Logging, Configuration, hostJson, app.Name);

        // As the generic host: mistakes of lifetime show while developing and cost nothing in production.
        var check = Environment.IsDevelopment();
        useContainer = host => host.UseServiceProviderFactory(
            new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateScopes = check, ValidateOnBuild = check }));
    }

    public IDictionary<object, object> Properties { get; } = new Dictionary<object, object>();

    public ConfigurationManager Configuration { get; } = new();

    public IHostEnvironment Environment { get; }

    public ILoggingBuilder Logging { get; }

    public IMetricsBuilder Metrics { get; }

    public IServiceCollection Services { get; } = new ServiceCollection();

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    internal bool IsWebApplication { get; set; }

    public IHost Build()
    {
        if (built)
        {
            throw new InvalidOperationException("Build can only be called once.");
        }

        // The real package's analyzer makes this a compile error (AZFW0014).
        if (!IsWebApplication)
        {
            throw new InvalidOperationException("ConfigureFunctionsWebApplication must be called before Build.");
        }

        built = true;
        return LocalHost.Build(app, hostJson, Configuration, Environment, Services, middleware, useContainer);
    }

    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull =>
        useContainer = host => host
            .UseServiceProviderFactory(factory)
            .ConfigureContainer<TContainerBuilder>((_, container) => configure?.Invoke(container));

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        this.middleware.Add(middleware);
        return this;
    }
}
