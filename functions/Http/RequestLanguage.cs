using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Http;

/// <summary>The language that a browser was told to keep to; filled by the folder that knows the cookies.</summary>
public sealed class ChosenLanguage
{
    /// <summary>The language that the request's cookie names, or null.</summary>
    public Func<HttpRequest, string?> Of { get; set; } = _ => null;
}

/// <summary>The language of a request, among those that this service speaks.</summary>
public static class RequestLanguage
{
    /// <summary>The parameter that asks for one, of authorization requests (OpenID Connect Core §3.1.2.1) and of pages.</summary>
    public const string Parameter = "ui_locales";

    /// <summary>The languages there are texts in; the first stands in for all others.</summary>
    public static readonly IReadOnlyList<string> Offered = ["en", "de", "fr", "es", "ja"];

    /// <summary>
    /// What the request asks for by <c>ui_locales</c>, else what was chosen in this browser before, else what <c>Accept-Language</c> likes best
    /// (RFC 9110 §12.5.4), each by its primary subtag.
    /// </summary>
    public static string Of(HttpRequest request) =>
        AskedBy(request)
        ?? First([request.HttpContext.RequestServices.GetRequiredService<IOptions<ChosenLanguage>>().Value.Of(request)])
        ?? First(request.GetTypedHeaders().AcceptLanguage
            .Where(l => l.Quality is not 0).OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.Value))
        ?? Offered[0];

    /// <summary>The language that the address asks for, or the form of a page that was asked so; null if none is, or none that is offered.</summary>
    public static string? AskedBy(HttpRequest request) =>
        First(request.Query[Parameter].ToString().Split(' ')) ?? First(PostedForm(request)?[Parameter].ToString().Split(' ') ?? []);

    /// <summary>The first that is offered.</summary>
    private static string? First(IEnumerable<string?> tags) =>
        tags.Select(tag => tag?.Split('-')[0].ToLowerInvariant()).FirstOrDefault(tag => Offered.Contains(tag, StringComparer.Ordinal));

    /// <summary>The form, if somebody has read it: a language is no reason to read a body.</summary>
    private static IFormCollection? PostedForm(HttpRequest request) => request.HttpContext.Features.Get<IFormFeature>()?.Form;
}
