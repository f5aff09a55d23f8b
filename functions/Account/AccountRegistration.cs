using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Account;

public static class AccountRegistration
{
    /// <summary>What people do with an account that they have.</summary>
    public static IServiceCollection AddAccount(this IServiceCollection services)
    {
        services.AddSingleton<AccountRequest>();
        services.AddSingleton<AccountView>();
        services.AddSingleton<PasswordProof>();
        services.AddSingleton<PasswordChange>();
        services.AddSingleton<PasswordReset>();
        services.AddSingleton<EmailChange>();
        services.AddSingleton<AccountDeletion>();
        return services;
    }
}
