namespace AuthFunctions.Sites;

/// <summary>One root domain, as validated from <see cref="SiteOptions"/>.</summary>
public sealed class Site
{
    private readonly IReadOnlyList<Uri> returnUrls;

    internal Site(string name, SiteOptions options)
    {
        Name = name;
        Issuer = options.Issuer;
        Host = new Uri(Issuer).Authority;
        DisplayName = options.DisplayName ?? name;
        Theme = Theme.Of(options);
        AppOrigins = options.AppOrigins;
        CookieMode = options.CookieMode;
        CookieDomain = options.CookieDomain;
        HandsOffTo = options.HandsOffTo;
        AcceptsFrom = options.AcceptsFrom;
        NativeLogin = options.NativeLogin;
        Resource = options.Resource;
        IdleLifetime = options.IdleLifetime;
        AbsoluteLifetime = options.AbsoluteLifetime;
        returnUrls = [.. (options.ReturnUrls is { Count: > 0 } urls ? urls : [.. AppOrigins.Select(o => o + "/")]).Select(u => new Uri(u))];
    }

    /// <summary>The name under which configuration, rows and URLs know the site.</summary>
    public string Name { get; }

    /// <summary>The issuer identifier; also the origin of the auth host.</summary>
    public string Issuer { get; }

    /// <summary>The auth host with its port, where that is not the scheme's own.</summary>
    public string Host { get; }

    /// <summary>What people call the site.</summary>
    public string DisplayName { get; }

    /// <summary>What its pages look like.</summary>
    public Theme Theme { get; }

    /// <summary>Origins of the site's own frontends.</summary>
    public IReadOnlyList<string> AppOrigins { get; }

    /// <summary>How frontends hold their session.</summary>
    public CookieMode CookieMode { get; }

    /// <summary>The domain whose hosts receive the access token's cookie, or null.</summary>
    public string? CookieDomain { get; }

    /// <summary>Sites that this one hands sessions to.</summary>
    public IReadOnlyList<string> HandsOffTo { get; }

    /// <summary>Sites that this one accepts sessions from.</summary>
    public IReadOnlyList<string> AcceptsFrom { get; }

    /// <summary>Whether native apps may sign in.</summary>
    public bool NativeLogin { get; }

    /// <summary>The audience of the site's API, or null.</summary>
    public string? Resource { get; }

    /// <summary>Idle lifetime of the site's sessions, or null for the deployment's.</summary>
    public TimeSpan? IdleLifetime { get; }

    /// <summary>Absolute lifetime of the site's sessions, or null for the deployment's.</summary>
    public TimeSpan? AbsoluteLifetime { get; }

    /// <summary>The one <c>aud</c> of an access token for which no resource was asked: the site's API, or the issuer.</summary>
    public string DefaultAudience => Resource ?? Issuer;

    /// <summary>Where a browser goes when it named no place.</summary>
    public string Home => Ascii(returnUrls[0]);

    /// <summary>Origins of the return URLs: where a form's answer may lead in the end.</summary>
    public IReadOnlyList<string> ReturnOrigins =>
        [.. returnUrls.Select(u => new Uri(Ascii(u)).GetLeftPart(UriPartial.Authority)).Distinct(StringComparer.Ordinal)];

    /// <summary>True if the origin is the auth host's own or one of the site's frontends.</summary>
    public bool IsOwnOrigin(string origin) => origin == Issuer || AppOrigins.Contains(origin, StringComparer.Ordinal);

    /// <summary>The URL to send a browser to, or null if it is not one of the site's return URLs.</summary>
    /// <remarks>
    /// Parsed and compared part by part: as strings, <c>https://app.contoso.com.evil.test</c> begins like a registered URL.
    /// What comes back is the parsed form, so that a browser cannot read it differently from this check.
    /// </remarks>
    public string? ReturnUrl(string? url)
    {
        // Browsers drop tabs and line breaks and read a backslash as a slash; nothing honest contains either.
        if (url is null || url.Any(c => char.IsControl(c) || c == '\\') || !Uri.TryCreate(url, UriKind.Absolute, out var asked)
            || asked.UserInfo.Length > 0)
        {
            return null;
        }

        try
        {
            return returnUrls.Any(allowed => Allows(allowed, asked)) ? Ascii(asked) : null;
        }
        catch (UriFormatException)
        {
            // A host of characters that no name may have, which is found out when it is asked for its ASCII form.
            return null;
        }
    }

    /// <summary>The URL with its host as it was compared: the parsed form keeps the letters that were typed, which no header may hold.</summary>
    private static string Ascii(Uri url) => new UriBuilder(url) { Host = url.IdnHost }.Uri.AbsoluteUri;

    private static bool Allows(Uri allowed, Uri asked) =>
        asked.Scheme == allowed.Scheme
        && string.Equals(asked.IdnHost, allowed.IdnHost, StringComparison.OrdinalIgnoreCase)
        && asked.Port == allowed.Port
        && (asked.AbsolutePath == allowed.AbsolutePath
            || (allowed.AbsolutePath.EndsWith('/') && asked.AbsolutePath.StartsWith(allowed.AbsolutePath, StringComparison.Ordinal)));
}
