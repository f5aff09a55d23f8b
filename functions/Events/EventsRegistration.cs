using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Events;

public static class EventsRegistration
{
    /// <summary>The audit trail.</summary>
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddOptions<EventsOptions>().BindConfiguration(EventsOptions.Section)
            .Validate(o => o.Retention >= TimeSpan.FromDays(1) && o.Retention <= TimeSpan.FromDays(3650), "Events:Retention must be 1 to 3650 days.")
            .ValidateOnStart();
        services.AddSingleton<EventStore>();
        return services;
    }
}
