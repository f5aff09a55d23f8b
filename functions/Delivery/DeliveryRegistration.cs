using AuthFunctions.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Delivery;

public static class DeliveryRegistration
{
    /// <summary>Sending what the outbox holds.</summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.AddSingleton<MailComposer>();
        services.AddSingleton<IMailSender>(provider =>
            provider.GetRequiredService<IHostEnvironment>() is var environment && environment.IsDevelopment()
            && string.IsNullOrEmpty(provider.GetRequiredService<IOptions<MailOptions>>().Value.Host)
                ? new DevelopmentMailbox(environment)
                : ActivatorUtilities.CreateInstance<SmtpSender>(provider));
        services.AddSingleton<IDelivery, MailDelivery>();
        services.AddSingleton<IDelivery, ErasureDelivery>();
        services.AddSingleton<IDelivery, LogoutDelivery>();
        services.AddSingleton<Deliverer>();
        return services;
    }
}
