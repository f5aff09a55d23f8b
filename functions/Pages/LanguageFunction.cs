using AuthFunctions.Http;
using AuthFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Pages;

/// <summary><c>GET /language</c>: keeps the language that was picked at the foot of a page, and goes back to that page.</summary>
public sealed class LanguageFunction
{
    [Function("Language")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "language")] HttpRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (RequestLanguage.AskedBy(request) is { } language)
        {
            SessionCookie.WriteLanguage(request.HttpContext, language);
        }

        return Answer.SeeOther(request.HttpContext, Back(Fields.OfQuery(request)["return_to"]));
    }

    /// <summary>A path of this host, without what the page was asked before; else the sign-in page.</summary>
    private static string Back(string? returnTo)
    {
        // Browsers read a second slash, or a backslash, as the beginning of another host.
        if (returnTo is not ['/', not ('/' or '\\'), ..] || !returnTo.All(c => c is > ' ' and < '\x7f'))
        {
            return "/signin";
        }

        var (path, query) = returnTo.Split('?', 2) is [var first, var second] ? (first, second) : (returnTo, "");
        var kept = query.Split('&').Where(p => p.Length > 0 && p.Split('=')[0] != RequestLanguage.Parameter).ToList();
        return kept.Count == 0 ? path : $"{path}?{string.Join('&', kept)}";
    }
}
