using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Users;

public static class UsersRegistration
{
    /// <summary>User rows, the e-mail index, passwords and blocking.</summary>
    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.AddOptions<AccountsOptions>().BindConfiguration(AccountsOptions.Section)
            .Validate(
                o => o.ConfirmationLifetime >= TimeSpan.FromMinutes(5) && o.ConfirmationLifetime <= TimeSpan.FromDays(7),
                "Accounts:ConfirmationLifetime must be 5 minutes to 7 days.")
            .ValidateOnStart();
        services.AddOptions<PasswordsOptions>().BindConfiguration(PasswordsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PasswordsOptions>, PasswordsValidator>();
        services.AddOptions<PasswordHasherOptions>()
            .Configure<IOptions<PasswordsOptions>>((hasher, passwords) => hasher.IterationCount = passwords.Value.Iterations);
        services.AddSingleton<IPasswordHasher<UserRow>, PasswordHasher<UserRow>>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<PasswordPolicy>();
        services.AddSingleton<CommonPasswords>();
        services.AddSingleton<UserStore>();
        services.AddSingleton<UserEmailStore>();
        services.AddSingleton<UserDirectory>();
        services.AddSingleton<PendingRegistrationStore>();
        services.AddSingleton<LinkStore>();
        services.AddSingleton<ConsentStore>();
        services.AddSingleton<MailRequests>();
        services.AddSingleton<UserEraser>();
        services.AddSingleton<UserData>();
        return services;
    }
}
