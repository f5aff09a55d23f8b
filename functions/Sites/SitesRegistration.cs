using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Sites;

public static class SitesRegistration
{
    /// <summary>The root domains this deployment serves.</summary>
    public static IServiceCollection AddSites(this IServiceCollection services)
    {
        services.AddOptions<SitesOptions>().BindConfiguration(SitesOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SitesOptions>, SitesValidator>();
        services.AddSingleton<SiteDirectory>();
        return services;
    }
}
