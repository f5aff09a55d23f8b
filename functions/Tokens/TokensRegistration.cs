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
        services.AddOptions<DpopOptions>().BindConfiguration(DpopOptions.Section)
            .Validate(
                o => o.NonceLifetime >= TimeSpan.FromSeconds(30) && o.NonceLifetime <= TimeSpan.FromHours(1),
                "Dpop:NonceLifetime must be 30 seconds to 1 hour.")
            .Validate(
                o => o.ProofLifetime >= TimeSpan.FromSeconds(10) && o.ProofLifetime <= TimeSpan.FromMinutes(5),
                "Dpop:ProofLifetime must be 10 seconds to 5 minutes.")
            .ValidateOnStart();
        services.AddSingleton<DpopNonces>();
        services.AddSingleton<DpopProofStore>();
        services.AddSingleton<DpopProofReader>();
        services.AddSingleton<PresentedTokenReader>();
        services.AddSingleton<JwtVerifier>();
        services.AddSingleton<Pseudonyms>();
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
