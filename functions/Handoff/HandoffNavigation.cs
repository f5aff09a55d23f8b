using AuthFunctions.Http;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Handoff;

/// <summary>A handoff is something a person's browser goes through: a navigation, no fetch and no guess at what may be opened next.</summary>
internal static class HandoffNavigation
{
    /// <summary>Null if the request is a navigation, as far as its headers tell.</summary>
    public static Problem? Check(HttpRequest request) =>
        request.Headers["Sec-Fetch-Mode"] is [{ } mode] && mode != "navigate" ? Refuse("Sec-Fetch-Mode is not navigate")
        : IsPrefetch(request, "Sec-Purpose") || IsPrefetch(request, "Purpose") || IsPrefetch(request, "X-Moz") ? Refuse("prefetch")
        : null;

    private static bool IsPrefetch(HttpRequest request, string header) =>
        request.Headers[header].Any(v => v?.Contains("prefetch", StringComparison.OrdinalIgnoreCase) == true);

    private static Problem Refuse(string reason) => new(400, "navigation_only", "Open this address as a page.") { Reason = "handoff: " + reason };
}
