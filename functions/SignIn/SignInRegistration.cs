using AuthFunctions.Outbox;
using AuthFunctions.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AuthFunctions.SignIn;

public static class SignInRegistration
{
    /// <summary>Signing in, registering and confirming.</summary>
    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.AddOptions<AccountsOptions>()
            .Validate<IHostEnvironment, IOptions<MailOptions>>(
                (o, environment, mail) => !o.ConfirmEmail || environment.IsDevelopment() || !string.IsNullOrEmpty(mail.Value.Host),
                "Accounts:ConfirmEmail is on, but Mail:Host is not set, so nobody would receive a link; set Mail, or turn ConfirmEmail off.")
            .ValidateOnStart();
        services.AddSingleton<KnownDevices>();
        services.AddSingleton<DeviceUnlock>();
        services.AddSingleton<CredentialChecker>();
        services.AddSingleton<SessionOpener>();
        services.AddSingleton<PasswordSignIn>();
        services.AddSingleton<Registrar>();
        services.AddSingleton<Destinations>();
        return services;
    }
}
