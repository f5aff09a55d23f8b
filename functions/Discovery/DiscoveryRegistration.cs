using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Discovery;

public static class DiscoveryRegistration
{
    /// <summary>Metadata of the issuers.</summary>
    public static IServiceCollection AddDiscovery(this IServiceCollection services) => services.AddSingleton<DiscoveryDocuments>();
}
