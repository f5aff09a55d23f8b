using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Http;

/// <summary>The language of a request, among those that this service speaks.</summary>
public static class RequestLanguage
{
    /// <summary>The languages there are texts in; the first stands in for all others.</summary>
    public static readonly IReadOnlyList<string> Offered = ["en", "de", "fr", "es", "ja"];

    /// <summary>The one that <c>Accept-Language</c> likes best (RFC 9110 §12.5.4), by its primary subtag.</summary>
    public static string Of(HttpRequest request) => request.GetTypedHeaders().AcceptLanguage
        .Where(l => l.Quality is not 0)
        .OrderByDescending(l => l.Quality ?? 1)
        .Select(l => l.Value.ToString().Split('-')[0].ToLowerInvariant())
        .FirstOrDefault(l => Offered.Contains(l, StringComparer.Ordinal)) ?? Offered[0];
}
