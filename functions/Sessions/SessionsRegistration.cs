using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Sessions;

public static class SessionsRegistration
{
    /// <summary>Session rows, trees, refresh rotation and cookies.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddOptions<SessionsOptions>().BindConfiguration(SessionsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SessionsOptions>, SessionsValidator>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SessionReader>();
        services.AddSingleton<LogoutNotices>();
        services.AddSingleton<SessionStarter>();
        services.AddSingleton<SessionEnder>();
        services.AddSingleton<UserBlocking>();
        services.AddSingleton<OtherSessions>();
        services.Configure<Http.ChosenLanguage>(language => language.Of = SessionCookie.ReadLanguage);
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie = new AlwaysSecureCookie { Name = SessionCookie.Csrf };
            antiforgery.FormFieldName = Http.PageForm.TokenField;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        return services;
    }

    /// <summary>
    /// Secure over plain http too: behind the platform's front end and on localhost the service itself sees http, and browsers keep a
    /// <c>__Host-</c> cookie only with the attribute.
    /// </summary>
    private sealed class AlwaysSecureCookie : CookieBuilder
    {
        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var options = base.Build(context, expiresFrom);
            options.Secure = true;
            options.HttpOnly = true;
            options.Path = "/";
            options.SameSite = SameSiteMode.Lax;
            options.IsEssential = true;
            return options;
        }
    }
}
