using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>Following redirects between the auth hosts.</summary>
internal static class Navigation
{
    /// <summary>Follows redirects until one leaves the service; where it leads. Fails at a page, or at a loop.</summary>
    public static async Task<string> FollowAsync(this Browser browser, string url)
    {
        for (var hops = 0; hops < 8; hops++)
        {
            var to = new Uri(new Uri(url), await HandoffCeremony.RedirectedAsync(await browser.GetAsync(url))).AbsoluteUri;
            if (!to.StartsWith(Contoso + "/", StringComparison.Ordinal) && !to.StartsWith(Fabrikam + "/", StringComparison.Ordinal))
            {
                return to;
            }

            url = to;
        }

        throw new InvalidOperationException("The redirects do not end; the last was to " + new Uri(url).AbsolutePath);
    }
}
