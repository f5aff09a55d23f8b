using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Discovery;

public static class DiscoveryRegistration
{
    /// <summary>Metadata of the issuers, and the contract of the endpoints.</summary>
    public static IServiceCollection AddDiscovery(this IServiceCollection services)
    {
        services.AddSingleton<DiscoveryDocuments>();
        services.AddSingleton<JwksDocument>();
        services.AddSingleton<OpenApiDocuments>();
        return services;
    }
}
