using AuthFunctions.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AuthFunctions.SignIn;

public static class SignInRegistration
{
    /// <summary>Signing in, registering and confirming.</summary>
    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.AddOptions<AccountsOptions>()
            .Validate<IHostEnvironment>(
                (o, environment) => !o.ConfirmEmail || environment.IsDevelopment(),
                "Accounts:ConfirmEmail is on, but this version shows confirmation links only on the console of a local service; it sends no mail.")
            .ValidateOnStart();
        services.AddSingleton(new ConfirmationPrinter(Console.Out));
        services.AddSingleton<KnownDevices>();
        services.AddSingleton<CredentialChecker>();
        services.AddSingleton<SessionOpener>();
        services.AddSingleton<PasswordSignIn>();
        services.AddSingleton<Registrar>();
        return services;
    }
}
