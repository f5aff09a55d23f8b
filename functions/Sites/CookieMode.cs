namespace AuthFunctions.Sites;

/// <summary>How a site's frontends hold their session (docs/architecture.md).</summary>
public enum CookieMode
{
    /// <summary>A session cookie for the auth host and a short-lived access token; refreshed by the session cookie.</summary>
    Hybrid,

    /// <summary>As Hybrid, with a rotating refresh token in a cookie of its own, by which alone it is refreshed.</summary>
    Stateless,

    /// <summary>A session cookie alone; every check reads the session's rows.</summary>
    Stateful,
}
