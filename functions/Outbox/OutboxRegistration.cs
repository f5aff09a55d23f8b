using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Outbox;

public static class OutboxRegistration
{
    /// <summary>Mails and notices to be sent.</summary>
    public static IServiceCollection AddOutbox(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailOptions>, MailValidator>();
        services.AddSingleton<OutboxStore>();
        services.AddSingleton<OutboxIndexStore>();
        services.AddSingleton<OutboxWriter>();
        return services;
    }
}
