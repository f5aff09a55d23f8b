using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Pages;

public static class PagesRegistration
{
    /// <summary>Rendering of components to static HTML, and what they load.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddSingleton<AssetDirectory>();
        return services;
    }
}
