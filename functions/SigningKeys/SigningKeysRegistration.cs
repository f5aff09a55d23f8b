using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AuthFunctions.SigningKeys;

public static class SigningKeysRegistration
{
    /// <summary>The keys that sign tokens, and the ring that seals what only this service reads.</summary>
    public static IServiceCollection AddSigningKeys(this IServiceCollection services)
    {
        services.AddOptions<KeysOptions>().BindConfiguration(KeysOptions.Section)
            .Validate<IHostEnvironment>(
                (o, environment) => o.Source != KeySourceKind.Development || environment.IsDevelopment(),
                "Keys:Source is Development, whose key lies in a table in the clear; it is refused "
                + "outside a development environment (AZURE_FUNCTIONS_ENVIRONMENT).")
            .Validate(
                o => o.JwksCacheLifetime >= TimeSpan.FromMinutes(5) && o.JwksCacheLifetime <= TimeSpan.FromHours(24),
                "Keys:JwksCacheLifetime must be 5 minutes to 24 hours.")
            .ValidateOnStart();
        services.AddSingleton<SigningKeyStore>();
        services.AddSingleton<IKeySource, DevelopmentKeys>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<PairwiseKeyStore>();
        services.AddSingleton<DataProtectionStore>();
        services.AddDataProtection().SetApplicationName("AuthFunctions");
        services.AddOptions<KeyManagementOptions>().Configure<DataProtectionStore>((options, store) => options.XmlRepository = store);
        return services;
    }
}
