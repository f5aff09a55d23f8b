using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Telemetry;

public static class TelemetryRegistration
{
    /// <summary>Metrics go to the log, from where Azure has them; metrics and traces to the console, where the local service is asked to.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section)
            .Validate(
                o => o.LogEvery == TimeSpan.Zero || (o.LogEvery >= TimeSpan.FromSeconds(10) && o.LogEvery <= TimeSpan.FromHours(1)),
                "Telemetry:LogEvery must be 0 or 10 seconds to 1 hour.")
            .ValidateOnStart();
        services.AddHostedService<MetricLog>();
        services.AddSingleton<IHostedService>(provider =>
            new TelemetryPrinter(provider.GetRequiredService<IOptions<TelemetryOptions>>(), Console.Out));
        return services;
    }
}
