using Azure.Identity;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthFunctions.SigningKeys;

public static class SigningKeysRegistration
{
    /// <summary>The keys that sign tokens, and the ring that seals what only this service reads.</summary>
    public static IServiceCollection AddSigningKeys(this IServiceCollection services)
    {
        services.AddOptions<KeysOptions>().BindConfiguration(KeysOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<KeysOptions>, KeysValidator>();
        services.AddSingleton<SigningKeyStore>();
        services.AddSingleton<KeyEventStore>();
        services.AddSingleton(_ => new KeyVaultConnection(new DefaultAzureCredential()));
        services.AddSingleton<KeyVaultClients>();
        services.AddSingleton<KeyVaultWrapper>();
        services.AddSingleton<DevelopmentKeys>();
        services.AddSingleton<KeyVaultWrappedKeys>();
        services.AddSingleton<KeyVaultKeys>();
        services.AddSingleton<IKeySource>(provider => provider.GetRequiredService<IOptions<KeysOptions>>().Value.Source switch
        {
            KeySourceKind.KeyVault => provider.GetRequiredService<KeyVaultKeys>(),
            KeySourceKind.KeyVaultWrapped => provider.GetRequiredService<KeyVaultWrappedKeys>(),
            _ => provider.GetRequiredService<DevelopmentKeys>(),
        });
        services.AddSingleton<KeyRing>();
        services.AddSingleton<PairwiseKeyStore>();
        services.AddSingleton<DataProtectionStore>();
        services.AddDataProtection().SetApplicationName("AuthFunctions");
        services.AddOptions<KeyManagementOptions>().Configure<DataProtectionStore>((ring, store) => ring.XmlRepository = store);
        return services;
    }
}
