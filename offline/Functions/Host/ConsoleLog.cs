using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace AuthFunctions.Offline.Functions;

/// <summary>What the host shows on the console, one line each. Other log providers of the app are not filtered by it.</summary>
internal static class ConsoleLog
{
    private static readonly string Provider = typeof(ConsoleLoggerProvider).FullName!;

    public static void AddTo(ILoggingBuilder logging, IConfiguration configuration, HostJson hostJson, string product)
    {
        logging.AddSimpleConsole(console => console.SingleLine = true);

        // Last the app's own Logging section, so that Logging:Console:LogLevel has the last word.
        Show("", LogLevel.Warning);

        // The generic host logs a failed start with its stack; LocalHost reports it, or its caller gets it.
        Show("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // host.json's default speaks of the app's functions, as in the Functions tools, not of the libraries below them.
        Show(product, hostJson.LogLevels.GetValueOrDefault("default", LogLevel.Information));
        foreach (var (category, level) in hostJson.LogLevels.Where(pair => pair.Key != "default"))
        {
            Show(category, level);
        }

        logging.AddConfiguration(configuration.GetSection("Logging"));

        // A rule for one provider beats every rule for all, however exact: what the app says of a category holds for the console too.
        logging.Services.PostConfigure<LoggerFilterOptions>(options =>
        {
            var ofCategories = options.Rules.Where(rule => rule is { ProviderName: null, CategoryName: not null }).ToList();
            foreach (var rule in Enumerable.Reverse(ofCategories))
            {
                options.Rules.Insert(0, new LoggerFilterRule(Provider, rule.CategoryName, rule.LogLevel, rule.Filter));
            }
        });

        void Show(string category, LogLevel level) => logging.AddFilter<ConsoleLoggerProvider>(category, level);
    }
}
