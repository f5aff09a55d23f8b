using AuthFunctions.Sites;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AuthFunctions.Http;

/// <summary>Refuses requests that another site's page may have caused (cross-site request forgery, sign-in included).</summary>
public static class CrossSite
{
    /// <summary>For JSON endpoints where a cookie comes in or goes out: null if the request may go on.</summary>
    public static Problem? CheckCookieRequest(HttpRequest request, Site site)
    {
        // An absent Origin is refused too: every browser sends one with these methods, and nothing else needs cookies.
        if (request.Headers.Origin is not [{ } origin] || !site.IsOwnOrigin(origin))
        {
            return Problem.CrossSite("Origin is missing or not the site's");
        }

        if (request.Headers["Sec-Fetch-Site"] is [{ } from] && from is not ("same-origin" or "same-site"))
        {
            return Problem.CrossSite("Sec-Fetch-Site is cross-site");
        }

        // A form or a no-cors fetch can send neither of these without asking first, which CORS then refuses.
        return HasNonSimpleContentType(request) || !StringValues.IsNullOrEmpty(request.Headers.XRequestedWith)
            ? null
            : Problem.CrossSite("simple content type without X-Requested-With");
    }

    /// <summary>For body transport, which native apps send without an Origin: a foreign one is refused all the same.</summary>
    public static Problem? CheckBodyRequest(HttpRequest request, Site site) =>
        request.Headers.Origin.Count == 0 || (request.Headers.Origin is [{ } origin] && site.IsOwnOrigin(origin))
            ? null
            : Problem.CrossSite("Origin is not the site's");

    private static bool HasNonSimpleContentType(HttpRequest request) =>
        request.ContentType is { Length: > 0 } type
        && type.Split(';')[0].Trim().ToUpperInvariant() is not ("APPLICATION/X-WWW-FORM-URLENCODED" or "MULTIPART/FORM-DATA" or "TEXT/PLAIN");
}
