using AuthFunctions.Http;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthFunctions.Pages;

/// <summary>Renders a component to static HTML, under a policy that lets a page load nothing and post only where it must.</summary>
public static class Page
{
    /// <summary>Shows a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="parameters">The component's parameters.</param>
    /// <param name="formTargets">Origins that the answer to the page's form may redirect to, besides the page's own.</param>
    public static Task ShowAsync<TPage>(HttpContext http, int status, Dictionary<string, object?> parameters, IReadOnlyList<string> formTargets)
        where TPage : IComponent
    {
        // With no-referrer a browser would send the form with Origin: null, which the form check refuses.
        http.Response.Headers["Referrer-Policy"] = "same-origin";
        return RenderAsync<TPage>(http, status, parameters, formTargets);
    }

    /// <summary>Shows a refusal to a person.</summary>
    public static Task ErrorAsync(HttpContext http, Problem problem)
    {
        problem.Announce(http);
        return RenderAsync<ErrorPage>(
            http,
            problem.Status,
            new() { [nameof(ErrorPage.Detail)] = problem.Detail, [nameof(ErrorPage.Code)] = problem.Code },
            []);
    }

    private static Task RenderAsync<TPage>(HttpContext http, int status, Dictionary<string, object?> parameters, IReadOnlyList<string> formTargets)
        where TPage : IComponent
    {
        var targets = string.Join(' ', formTargets.Prepend("'self'").Distinct(StringComparer.Ordinal));
        http.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action {targets}";

        // For browsers that do not know frame-ancestors (RFC 9700 §4.16).
        http.Response.Headers.XFrameOptions = "DENY";
        return new RazorComponentResult<TPage>(parameters) { StatusCode = status, PreventStreamingRendering = true }.ExecuteAsync(http);
    }
}
