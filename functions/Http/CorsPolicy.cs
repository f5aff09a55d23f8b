using AuthFunctions.Sites;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Http;

/// <summary>Origins of registered browser clients, by site; filled by the folder that knows the clients.</summary>
public sealed class CorsOrigins
{
    /// <summary>True if a browser client of the site lives at this origin.</summary>
    public Func<Site, string, bool> IsClient { get; set; } = (_, _) => false;
}

/// <summary>Which pages may read which answers (the Fetch standard's CORS protocol). No origin is ever reflected unchecked.</summary>
public sealed class CorsPolicy(IOptions<CorsOrigins> origins)
{
    private static readonly HashSet<string> FirstParty = new(StringComparer.OrdinalIgnoreCase)
    {
        "register", "login", "refresh", "logout", "session", "sessions", "consents", "account",
    };

    private static readonly HashSet<string> ForAll = new(StringComparer.OrdinalIgnoreCase) { ".well-known", "openapi.json" };

    private static readonly HashSet<string> ForClients = new(StringComparer.OrdinalIgnoreCase) { "token", "revoke", "userinfo" };

    /// <summary>Sets what the request's origin is allowed; <c>Vary: Origin</c> always, so that no cache mixes answers up.</summary>
    /// <returns>True if the origin may read the answer.</returns>
    public bool Apply(HttpContext http, Site? site)
    {
        var headers = http.Response.Headers;
        headers.Append("Vary", "Origin");
        var segment = FirstSegment(http.Request.Path.Value);
        if (ForAll.Contains(segment))
        {
            headers.AccessControlAllowOrigin = "*";
            return true;
        }

        if (site is null || http.Request.Headers.Origin is not [{ Length: > 0 } origin])
        {
            return false;
        }

        if (FirstParty.Contains(segment) && site.AppOrigins.Contains(origin, StringComparer.Ordinal))
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlAllowCredentials = "true";
            headers.AccessControlExposeHeaders = "Retry-After, WWW-Authenticate";
            return true;
        }

        if (ForClients.Contains(segment) && origins.Value.IsClient(site, origin))
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = "DPoP-Nonce, Retry-After, WWW-Authenticate";
            return true;
        }

        return false;
    }

    private static string FirstSegment(string? path)
    {
        var rest = path.AsSpan().TrimStart('/');
        return (rest.IndexOf('/') is >= 0 and var end ? rest[..end] : rest).ToString();
    }
}
