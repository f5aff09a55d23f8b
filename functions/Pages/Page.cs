using AuthFunctions.Http;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Pages;

/// <summary>
/// Renders a component to static HTML in the person's language, under a policy that lets a page load its own assets and post only where it must.
/// </summary>
public static class Page
{
    /// <summary>What a page may do. The one script makes no markup of text, and has the browser see to it (Trusted Types).</summary>
    private const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'; form-action ";

    /// <summary>Shows a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="problem">Why it is shown again, which is then its status too; null if nothing went wrong.</param>
    /// <param name="parameters">The component's parameters.</param>
    /// <param name="formTargets">Where the answer to the page's form may redirect to, besides its own origin (<see cref="FormTarget"/>).</param>
    public static Task ShowAsync<TPage>(
        HttpContext http, Problem? problem, Dictionary<string, object?> parameters, IReadOnlyList<string> formTargets)
        where TPage : IComponent
    {
        // With no-referrer a browser would send the form with Origin: null, which the form check refuses.
        http.Response.Headers["Referrer-Policy"] = "same-origin";
        return RenderAsync<TPage>(http, problem, parameters, formTargets);
    }

    /// <summary>Shows a refusal to a person.</summary>
    public static Task ErrorAsync(HttpContext http, Problem problem) => RenderAsync<ErrorPage>(http, problem, [], []);

    private static Task RenderAsync<TPage>(
        HttpContext http, Problem? problem, Dictionary<string, object?> parameters, IReadOnlyList<string> formTargets)
        where TPage : IComponent
    {
        problem?.Announce(http);
        var (request, headers) = (http.Request, http.Response.Headers);
        var view = new PageView(
            request.Site(),
            new PageTexts(RequestLanguage.Of(request)),
            http.RequestServices.GetRequiredService<AssetDirectory>().Of(request.Site().Name),
            problem,
            RequestLanguage.AskedBy(request),
            HttpMethods.IsGet(request.Method) ? request.Path.ToUriComponent() + request.QueryString.ToUriComponent() : null);
        headers.ContentLanguage = view.Texts.Language;
        headers.Append("Vary", "Accept-Language, Cookie");
        headers.ContentSecurityPolicy = Policy + string.Join(' ', formTargets.Prepend("'self'").Distinct(StringComparer.Ordinal));

        // For browsers that do not know frame-ancestors (RFC 9700 §4.16).
        headers.XFrameOptions = "DENY";
        var frame = new Dictionary<string, object?>
        {
            [nameof(PageFrame.View)] = view,
            [nameof(PageFrame.Page)] = typeof(TPage),
            [nameof(PageFrame.Parameters)] = parameters,
        };
        return new RazorComponentResult<PageFrame>(frame)
        {
            StatusCode = problem?.Status ?? StatusCodes.Status200OK,
            PreventStreamingRendering = true,
        }.ExecuteAsync(http);
    }
}
