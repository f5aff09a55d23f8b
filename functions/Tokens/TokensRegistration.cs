using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Tokens;

public static class TokensRegistration
{
    /// <summary>Issuing, reading and redeeming tokens; who may act.</summary>
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddOptions<TokensOptions>().BindConfiguration(TokensOptions.Section)
            .Validate(
                o => o.AccessTokenLifetime >= TimeSpan.FromMinutes(1) && o.AccessTokenLifetime <= TimeSpan.FromMinutes(60),
                "Tokens:AccessTokenLifetime must be 1 to 60 minutes.")
            .ValidateOnStart();
        services.AddSingleton<JwtVerifier>();
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<AccessTokenReader>();
        services.AddSingleton<ActorReader>();
        services.AddSingleton<SessionRefresher>();
        services.AddSingleton<SignInAnswer>();
        services.AddSingleton<OAuthEndpoint>();
        services.AddSingleton<IGrant, RefreshTokenGrant>();
        services.AddSingleton<IGrant, ClientCredentialsGrant>();
        services.AddSingleton<IGrant, TokenExchangeGrant>();
        services.AddSingleton<ITokenExchange, AccessTokenExchange>();
        return services;
    }
}
