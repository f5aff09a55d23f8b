namespace AuthFunctions.Sites;

/// <summary>Settings <c>Sites:{name}</c>: one root domain each. The name is part of URLs and rows; it must not change later.</summary>
public sealed class SitesOptions : Dictionary<string, SiteOptions>
{
    /// <summary>The settings section.</summary>
    public const string Section = "Sites";

    /// <summary>Site names are compared ordinally.</summary>
    public SitesOptions() : base(StringComparer.Ordinal)
    {
    }
}

/// <summary>One root domain that this deployment serves.</summary>
public sealed class SiteOptions
{
    /// <summary>
    /// The issuer, which is also the auth host's origin: <c>https://auth.contoso.com</c>. Required; no path; https outside Development.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>What people call the site. The site's name by default.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Colour of buttons and links on light pages: <c>#rrggbb</c>, readable on them (contrast 4.5 to 1). A blue by default.</summary>
    public string AccentColor { get; set; } = "#0b5cad";

    /// <summary>The same on dark pages. By default <see cref="AccentColor"/>, lightened until it can be read there.</summary>
    public string? AccentColorDark { get; set; }

    /// <summary>Radius of corners in pixels, 0 to 24; 10 by default.</summary>
    public int CornerRadius { get; set; } = 10;

    /// <summary>
    /// The picture on the site's pages, an SVG or PNG of at most 32 KB: a data URL in base64, or the path of a file in the app's folder. The
    /// site's initial by default.
    /// </summary>
    public string? Logo { get; set; }

    /// <summary>Origins of the site's own frontends, exact. They may call the first-party endpoints with cookies.</summary>
    public List<string> AppOrigins { get; set; } = [];

    /// <summary>
    /// Where browsers may be sent back to: absolute URLs; one that ends in <c>/</c> allows every path below. Every path of the app origins
    /// by default.
    /// </summary>
    public List<string> ReturnUrls { get; set; } = [];

    /// <summary>How frontends hold their session: Hybrid (default), Stateless or Stateful.</summary>
    public CookieMode CookieMode { get; set; } = CookieMode.Hybrid;

    /// <summary>The domain whose hosts receive the access token's cookie, a parent of the auth host: <c>contoso.com</c>. None by default.</summary>
    public string? CookieDomain { get; set; }

    /// <summary>Names of the sites that this one hands sessions to. None by default.</summary>
    public List<string> HandsOffTo { get; set; } = [];

    /// <summary>Names of the sites that this one accepts sessions from. None by default.</summary>
    public List<string> AcceptsFrom { get; set; } = [];

    /// <summary>Whether native apps may sign in with <c>"transport": "body"</c>. Off by default.</summary>
    public bool NativeLogin { get; set; }

    /// <summary>The audience of the site's API, which access tokens are then for. None by default: they are for the issuer.</summary>
    public string? Resource { get; set; }

    /// <summary>How long an unused session lives, 1 hour to 365 days; <c>Sessions:IdleLifetime</c> by default.</summary>
    public TimeSpan? IdleLifetime { get; set; }

    /// <summary>How long a session lives at most, 1 hour to 365 days; <c>Sessions:AbsoluteLifetime</c> by default.</summary>
    public TimeSpan? AbsoluteLifetime { get; set; }
}
