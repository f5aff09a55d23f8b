using AuthFunctions.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Authorize;

public static class AuthorizeRegistration
{
    /// <summary>The authorization code flow.</summary>
    public static IServiceCollection AddAuthorize(this IServiceCollection services)
    {
        services.AddSingleton<RequestObjectReader>();
        services.AddSingleton<AuthorizationRequestReader>();
        services.AddSingleton<AuthorizationFlow>();
        services.AddSingleton<AuthorizationResponse>();
        services.AddSingleton<PushedRequestStore>();
        services.AddSingleton<CodeStore>();
        services.AddSingleton<CodeIssuer>();
        services.AddSingleton<ConsentWithdrawal>();
        services.AddSingleton<IGrant, AuthorizationCodeGrant>();
        return services;
    }
}
