using AuthFunctions.Sites;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Http;

/// <summary>The site of a request.</summary>
public static class RequestSite
{
    /// <summary>The site whose auth host was asked; <see cref="RequestMiddleware"/> found it before any function ran.</summary>
    public static Site Site(this HttpRequest request) =>
        request.HttpContext.Features.Get<Site>() ?? throw new InvalidOperationException("This endpoint answers on sites only.");
}
