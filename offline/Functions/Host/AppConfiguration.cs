using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace AuthFunctions.Offline.Functions;

/// <summary>The app's configuration: that of the generic host, with local.settings.json just below the environment.</summary>
internal static class AppConfiguration
{
    private const string Prefix = "AZURE_FUNCTIONS_";

    /// <summary>Production unless said otherwise: what only development may do should need asking for.</summary>
    public static string EnvironmentName(LocalApp app, IReadOnlyDictionary<string, string?> settings)
    {
        var asked = new ConfigurationBuilder().AddEnvironmentVariables(Prefix).AddCommandLine(app.Args).Build();
        string?[] names =
        [
            asked[HostDefaults.EnvironmentKey],
            settings.GetValueOrDefault(Prefix + "ENVIRONMENT"),
            Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT"),
        ];
        return names.FirstOrDefault(name => !string.IsNullOrEmpty(name)) ?? Environments.Production;
    }

    /// <remarks>Nothing is watched: a service that changes under a running test or request is nobody's wish.</remarks>
    public static void AddTo(
        ConfigurationManager configuration,
        LocalApp app,
        IReadOnlyDictionary<string, string?> settings,
        IHostEnvironment environment)
    {
        configuration
            .SetBasePath(app.Directory)
            .AddEnvironmentVariables(Prefix)
            .AddJsonFile("appsettings.json", optional: true, reloadOnChange: false)
            .AddJsonFile($"appsettings.{environment.EnvironmentName}.json", optional: true, reloadOnChange: false);
        if (environment.IsDevelopment())
        {
            configuration.AddUserSecrets(app.Assembly, optional: true, reloadOnChange: false);
        }

        configuration
            .AddInMemoryCollection(settings)
            .AddEnvironmentVariables()
            .AddCommandLine(app.Args);
    }
}
