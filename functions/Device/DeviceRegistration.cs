using AuthFunctions.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Device;

public static class DeviceRegistration
{
    /// <summary>Devices without a browser of their own (RFC 8628).</summary>
    public static IServiceCollection AddDevice(this IServiceCollection services)
    {
        services.AddSingleton<DeviceCodeStore>();
        services.AddSingleton<DeviceApprovalStore>();
        services.AddSingleton<DeviceDesk>();
        services.AddSingleton<IGrant, DeviceCodeGrant>();
        return services;
    }
}
