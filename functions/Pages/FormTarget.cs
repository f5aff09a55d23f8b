namespace AuthFunctions.Pages;

/// <summary>Where a form's answer may lead, as a source of the policy's <c>form-action</c>.</summary>
public static class FormTarget
{
    /// <summary>The URL's origin. A custom scheme has none, and policies cannot write IPv6 addresses: for those it is the scheme.</summary>
    public static string Of(string url) => new Uri(url) is { Scheme: "http" or "https", HostNameType: not UriHostNameType.IPv6 } web
        ? web.GetLeftPart(UriPartial.Authority)
        : url[..(url.IndexOf(':', StringComparison.Ordinal) + 1)].ToLowerInvariant();
}
