using AuthFunctions.Sites;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthFunctions.SignIn;

/// <summary>Where a browser goes after it signed in: one of the site's return URLs, or on with a flow of the auth host itself.</summary>
/// <param name="Url">The URL; a relative one stays on the auth host.</param>
/// <param name="FormTargets">Origins that the form's answer may lead to: browsers apply <c>form-action</c> to redirects too.</param>
public sealed record Destination(string Url, IReadOnlyList<string> FormTargets)
{
    private const string HandoffPath = "/handoff?";
    private const string AuthorizePath = "/authorize?sealed=";
    private const string DevicePath = "/device";

    /// <summary>The destination that was asked for, or the site's home if it may not be.</summary>
    public static Destination Of(string? returnTo, Site site, SiteDirectory sites)
    {
        // Only what a Location header can carry as it is: what step 2 sends here is percent-encoded.
        if (returnTo is not null && returnTo.StartsWith(HandoffPath, StringComparison.Ordinal) && returnTo.All(c => c is > ' ' and < '\x7f'))
        {
            // On with a handoff: it checks its parameters itself. Its redirects lead to the target and from there to its app.
            var to = QueryHelpers.ParseQuery(returnTo[HandoffPath.Length..]).TryGetValue("to", out var name) ? sites.Find(name) : null;
            return to is not null && site.HandsOffTo.Contains(to.Name, StringComparer.Ordinal)
                ? new Destination(returnTo, [to.Issuer, site.Issuer, .. to.ReturnOrigins])
                : Home(site);
        }

        if (returnTo is not null && returnTo.StartsWith(AuthorizePath, StringComparison.Ordinal) && !returnTo.Any(char.IsControl))
        {
            // On with a sealed authorization request. Whose redirect URI it ends at only its own endpoint can read.
            return new Destination(returnTo, ["http:", "https:"]);
        }

        if (returnTo == DevicePath
            || (returnTo?.StartsWith(DevicePath + "?", StringComparison.Ordinal) == true && returnTo.All(c => c is > ' ' and < '\x7f')))
        {
            // On with a device's code; its page leads nowhere else.
            return new Destination(returnTo, []);
        }

        return site.ReturnUrl(returnTo) is { } url ? new Destination(url, [Origin(url)]) : Home(site);
    }

    private static Destination Home(Site site) => new(site.Home, [Origin(site.Home)]);

    private static string Origin(string url) => new Uri(url).GetLeftPart(UriPartial.Authority);
}
