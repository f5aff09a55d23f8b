using AuthFunctions.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Handoff;

public static class HandoffRegistration
{
    /// <summary>Carrying a session from one root domain to another (docs/handoff.md).</summary>
    public static IServiceCollection AddHandoff(this IServiceCollection services)
    {
        services.AddOptions<HandoffOptions>().BindConfiguration(HandoffOptions.Section);
        services.AddSingleton<HandoffCookies>();
        services.AddSingleton<HandoffTokens>();
        services.AddSingleton<HandoffStore>();
        services.AddSingleton<HandoffAcceptor>();
        services.AddSingleton<PendingSwitches>();
        services.AddSingleton<HandoffAssertions>();
        services.AddSingleton<ITokenExchange, HandoffAssertionExchange>();
        services.AddSingleton<IGrant, HandoffAssertionGrant>();
        return services;
    }
}
