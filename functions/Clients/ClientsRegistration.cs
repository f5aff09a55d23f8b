using AuthFunctions.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Clients;

public static class ClientsRegistration
{
    /// <summary>OAuth clients and how they authenticate.</summary>
    public static IServiceCollection AddClients(this IServiceCollection services)
    {
        services.AddOptions<ResourcesOptions>().BindConfiguration(ResourcesOptions.Section)
            .Validate(
                o => o.Values.All(r => Uri.TryCreate(r.Audience, UriKind.Absolute, out var uri) && uri.Fragment.Length == 0),
                "Resources: every Audience must be an absolute URI without fragment (RFC 8707 §2).")
            .Validate(
                o => o.Values.All(r => r.AccessTokenLifetime is null
                    || (r.AccessTokenLifetime >= TimeSpan.FromMinutes(1) && r.AccessTokenLifetime <= TimeSpan.FromMinutes(60))),
                "Resources: every AccessTokenLifetime must be 1 to 60 minutes.")
            .ValidateOnStart();
        services.AddOptions<ClientsOptions>().BindConfiguration(ClientsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ClientsOptions>, ClientsValidator>();
        services.AddSingleton<ClientDirectory>();
        services.AddSingleton<SealedRequests>();
        services.AddSingleton(ClientPeers.Public);
        services.AddSingleton<ClientHttp>();
        services.AddSingleton<JwksFetcher>();
        services.AddSingleton<ClientKeys>();
        services.AddSingleton<ClientJwtVerifier>();
        services.AddSingleton<ClientAssertionStore>();
        services.AddSingleton<ClientAssertionValidator>();
        services.AddSingleton<ClientAuthenticator>();
        services.AddOptions<CorsOrigins>().Configure<ClientDirectory>((origins, clients) => origins.IsClient = clients.IsBrowserOrigin);
        return services;
    }
}
