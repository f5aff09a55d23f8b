using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Manage;

public static class ManageRegistration
{
    /// <summary>What operators may do.</summary>
    public static IServiceCollection AddManage(this IServiceCollection services)
    {
        services.AddSingleton<OperatorReader>();
        services.AddSingleton<UserCommand>();
        return services;
    }
}
