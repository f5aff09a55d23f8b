using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Http;

public static class HttpRegistration
{
    /// <summary>What every endpoint stands on: headers, errors, CORS, throttling, page forms.</summary>
    public static IServiceCollection AddHttp(this IServiceCollection services)
    {
        services.AddOptions<ClientAddressOptions>().BindConfiguration(ClientAddressOptions.Section);
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestMiddleware.MaxBodySize;
        });
        services.AddSingleton<CorsPolicy>();
        services.AddSingleton<RouteTable>();
        services.AddSingleton<ClientAddress>();
        services.AddSingleton<ThrottleStore>();
        services.AddSingleton<Throttle>();
        services.AddSingleton<PageForm>();
        return services;
    }
}
