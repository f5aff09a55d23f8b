using AuthFunctions.Sites;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Http;

/// <summary>Forms of the pages: sent from the auth host's own origin, with an anti-forgery token that matches the browser's cookie.</summary>
public sealed class PageForm(IAntiforgery antiforgery)
{
    /// <summary>The name of the hidden field that carries the token.</summary>
    public const string TokenField = "csrf";

    /// <summary>The token for a page's form; sets the browser's cookie where it has none.</summary>
    public string TokenFor(HttpContext http)
    {
        var token = antiforgery.GetAndStoreTokens(http).RequestToken!;

        // Antiforgery relaxes no-store to no-cache; pages here carry addresses and names.
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Pragma = default;
        return token;
    }

    /// <summary>The form's fields, or a refusal with status 403 if it may come from another page.</summary>
    public async Task<(Fields? Fields, Problem? Refusal)> ReadAsync(HttpRequest request, Site site, CancellationToken ct)
    {
        if (request.Headers.Origin is not [{ } origin] || origin != site.Issuer)
        {
            return (null, Problem.CrossSite("Origin is not the auth host's own"));
        }

        var fields = await Fields.ReadAsync(request, ct);
        if (fields.Fault is { } fault)
        {
            return (null, Problem.InvalidRequest(fault.Description));
        }

        return await antiforgery.IsRequestValidAsync(request.HttpContext)
            ? (fields, null)
            : (null, Problem.CrossSite("anti-forgery token is missing or not this browser's"));
    }
}
