using System.Diagnostics.CodeAnalysis;
using AuthFunctions.Clients;
using AuthFunctions.Pages;
using AuthFunctions.Sites;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthFunctions.SignIn;

/// <summary>Where a browser goes after it signed in: one of the site's return URLs, or on with a flow of the auth host itself.</summary>
/// <param name="Url">The URL; a relative one stays on the auth host.</param>
/// <param name="FormTargets">Where the form's answer may lead: browsers apply <c>form-action</c> to redirects too.</param>
public sealed record Destination(string Url, IReadOnlyList<string> FormTargets);

/// <summary>Reads destinations, and knows where each leads in the end.</summary>
public sealed class Destinations(SiteDirectory sites, SealedRequests sealedRequests)
{
    private const string HandoffPath = "/handoff?";
    private const string AuthorizePath = "/authorize?" + SealedRequests.Parameter + "=";
    private const string DevicePath = "/device";
    private const string AccountPath = "/account";

    /// <summary>The destination that was asked for, or the site's home if it may not be.</summary>
    public Destination Of(string? returnTo, Site site)
    {
        if (IsOn(HandoffPath, returnTo))
        {
            // On with a handoff: it checks its parameters itself. Its redirects lead to the target and from there to its app.
            var to = QueryHelpers.ParseQuery(returnTo[HandoffPath.Length..]).TryGetValue("to", out var name) ? sites.Find(name) : null;
            return to is not null && site.HandsOffTo.Contains(to.Name, StringComparer.Ordinal)
                ? new Destination(returnTo, [to.Issuer, site.Issuer, .. to.ReturnOrigins])
                : Home(site);
        }

        if (IsOn(AuthorizePath, returnTo))
        {
            // On with a sealed authorization request. One that cannot be opened ends on an error page of this host.
            var asked = sealedRequests.Unseal(
                QueryHelpers.ParseQuery(returnTo[returnTo.IndexOf('?', StringComparison.Ordinal)..])[SealedRequests.Parameter], site.Name);
            return new Destination(returnTo, asked is null ? [] : [FormTarget.Of(asked.RedirectUri)]);
        }

        if (returnTo is DevicePath or AccountPath || IsOn(DevicePath + "?", returnTo))
        {
            // On with a device's code, or the account; their pages lead nowhere else.
            return new Destination(returnTo, []);
        }

        return site.ReturnUrl(returnTo) is { } url ? new Destination(url, [FormTarget.Of(url)]) : Home(site);
    }

    /// <summary>Only what a Location header can carry as it is: what flows of this service send to the sign-in page is percent-encoded.</summary>
    private static bool IsOn(string path, [NotNullWhen(true)] string? returnTo) =>
        returnTo?.StartsWith(path, StringComparison.Ordinal) == true && returnTo.All(c => c is > ' ' and < '\x7f');

    private static Destination Home(Site site) => new(site.Home, [FormTarget.Of(site.Home)]);
}
