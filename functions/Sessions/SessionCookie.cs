using AuthFunctions.Sites;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Sessions;

/// <summary>
/// The cookies of this service; the only place that names one. All are HttpOnly, Secure and Path=/, and the prefixes make browsers
/// insist on it (RFC 6265bis §4.1.3). <see cref="Http.RequestMiddleware"/> refuses a request that carries one of them twice.
/// </summary>
public static class SessionCookie
{
    /// <summary>Anti-forgery of page forms.</summary>
    public const string Csrf = "__Host-csrf";

    private const string Sid = "__Host-sid";
    private const string Refresh = "__Host-rt";
    private const string CheckHandle = "__Secure-check";
    private const string Device = "__Host-device";
    private const string Language = "__Host-lang";
    private const string HandoffPrefix = "__Host-handoff-";

    private static readonly TimeSpan DeviceLifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan LanguageLifetime = TimeSpan.FromDays(365);

    /// <summary>True if the site gives its subdomains a handle to introspect.</summary>
    public static bool HasCheck(Site site) => site is { CookieMode: CookieMode.Stateful, CookieDomain: not null };

    /// <summary>True if the request carries any cookie that stands for a session.</summary>
    public static bool IsPresent(HttpRequest request, Site site) =>
        request.Cookies.ContainsKey(Sid) || request.Cookies.ContainsKey(Refresh) || request.Cookies.ContainsKey(AccessName(site));

    /// <summary>True if the request carries the session cookie, whatever it is worth.</summary>
    public static bool HasSid(HttpRequest request) => request.Cookies.ContainsKey(Sid);

    /// <summary>The session cookie's handle, or null if there is none or it is malformed.</summary>
    public static SessionHandle? ReadSid(HttpRequest request) => SessionHandle.Read(SessionHandle.Sid, request.Cookies[Sid]);

    /// <summary>The access token's cookie, or null.</summary>
    public static string? ReadAccessToken(HttpRequest request, Site site) => request.Cookies[AccessName(site)];

    /// <summary>The refresh token's cookie, or null if there is none or it is malformed.</summary>
    public static RefreshHandle? ReadRefresh(HttpRequest request) => RefreshHandle.Read(request.Cookies[Refresh]);

    /// <summary>Sets the cookies of a session that just began, by the site's mode.</summary>
    public static void WriteNew(HttpContext http, Site site, NewSession session, string accessToken, TimeProvider clock)
    {
        var (row, secrets) = session;
        var sid = new SessionHandle(row.UserId, row.Id, secrets.Sid!);
        var lifetime = row.AbsoluteExpiresAt - clock.GetUtcNow();
        Append(http, Sid, sid.Write(SessionHandle.Sid), SameSiteMode.Lax, lifetime);
        WriteAccessToken(http, site, row, accessToken, clock);
        if (secrets.Refresh is { } refresh)
        {
            WriteRefresh(http, row, RefreshHandle.Issue(row, 0, refresh), clock);
        }

        if (HasCheck(site))
        {
            var check = sid with { Secret = SessionStarter.CheckSecret(sid.Secret, row.Id) };
            Append(http, CheckHandle, check.Write(SessionHandle.Check), SameSiteMode.Lax, lifetime, site.CookieDomain);
        }
    }

    /// <summary>Sets the access token's cookie, in the modes that have one. Kept as long as the session: the token's own <c>exp</c> rules.</summary>
    public static void WriteAccessToken(HttpContext http, Site site, SessionRow session, string accessToken, TimeProvider clock)
    {
        if (site.CookieMode != CookieMode.Stateful)
        {
            Append(http, AccessName(site), accessToken, SameSiteMode.Lax, session.AbsoluteExpiresAt - clock.GetUtcNow(), site.CookieDomain);
        }
    }

    /// <summary>Sets the refresh token's cookie. Strict: only the site's own pages ever refresh.</summary>
    public static void WriteRefresh(HttpContext http, SessionRow session, RefreshHandle refresh, TimeProvider clock) =>
        Append(http, Refresh, refresh.Write(), SameSiteMode.Strict, session.AbsoluteExpiresAt - clock.GetUtcNow());

    /// <summary>Removes every cookie of a session, whatever mode set it.</summary>
    public static void Clear(HttpContext http, Site site)
    {
        Delete(http, Sid, null);
        Delete(http, AccessName(site), site.CookieDomain);
        Delete(http, Refresh, null);
        if (site.CookieDomain is { } domain)
        {
            Delete(http, CheckHandle, domain);
        }
    }

    /// <summary>The known device's sealed cookie, or null.</summary>
    public static string? ReadDevice(HttpRequest request) => request.Cookies[Device];

    /// <summary>Marks a device as known.</summary>
    public static void WriteDevice(HttpContext http, string value) => Append(http, Device, value, SameSiteMode.Lax, DeviceLifetime);

    /// <summary>The language that was chosen in this browser, or null. Says nothing about anybody, so it is not sealed.</summary>
    public static string? ReadLanguage(HttpRequest request) => request.Cookies[Language];

    /// <summary>Keeps a language that was chosen.</summary>
    public static void WriteLanguage(HttpContext http, string value) => Append(http, Language, value, SameSiteMode.Lax, LanguageLifetime);

    /// <summary>The cookie of a handoff under way, by the hash of its nonce; null if the request has none.</summary>
    public static string? ReadHandoff(HttpRequest request, string nonceHash) =>
        nonceHash.Length >= 8 ? request.Cookies[HandoffPrefix + nonceHash[..8]] : null;

    /// <summary>The cookies of all handoffs under way: names and values.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ReadHandoffs(HttpRequest request) =>
        [.. request.Cookies.Where(c => c.Key.StartsWith(HandoffPrefix, StringComparison.Ordinal))];

    /// <summary>Sets the cookie of a handoff.</summary>
    public static void WriteHandoff(HttpContext http, string nonceHash, string value, TimeSpan lifetime) =>
        Append(http, HandoffPrefix + nonceHash[..8], value, SameSiteMode.Lax, lifetime);

    /// <summary>Removes the cookie of a handoff.</summary>
    public static void DeleteHandoff(HttpContext http, string nonceHash) => Delete(http, HandoffPrefix + nonceHash[..8], null);

    /// <summary>Removes a cookie that <see cref="ReadHandoffs"/> named.</summary>
    public static void DeleteHandoffNamed(HttpContext http, string name) => Delete(http, name, null);

    private static string AccessName(Site site) => site.CookieDomain is null ? "__Host-at" : "__Secure-at";

    private static void Append(HttpContext http, string name, string value, SameSiteMode sameSite, TimeSpan lifetime, string? domain = null) =>
        http.Response.Cookies.Append(name, value, Options(sameSite, domain, lifetime));

    private static void Delete(HttpContext http, string name, string? domain) =>
        http.Response.Cookies.Append(name, "", Options(SameSiteMode.Lax, domain, TimeSpan.Zero));

    private static CookieOptions Options(SameSiteMode sameSite, string? domain, TimeSpan lifetime) => new()
    {
        HttpOnly = true,
        Secure = true,
        Path = "/",
        SameSite = sameSite,
        Domain = domain,
        MaxAge = TimeSpan.FromSeconds(Math.Floor(lifetime.TotalSeconds)),
        IsEssential = true,
    };
}
