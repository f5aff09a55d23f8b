using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace AuthFunctions.Faults.Load;

/// <summary>Requests as the clients of the sample settings send them.</summary>
internal static class Requests
{
    public const string Callback = "http://app.contoso.localhost:5173/callback";

    /// <summary>RFC 7636 appendix B.</summary>
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    /// <summary>JSON, as a native app sends it, or with cookies as a site's own frontend does.</summary>
    public static HttpRequestMessage Json(HttpMethod method, string url, object? body = null, string? bearer = null, string? cookies = null)
    {
        var request = new HttpRequestMessage(method, url) { Content = method == HttpMethod.Post ? JsonContent.Create(body ?? new { }) : null };
        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        return WithCookies(request, cookies);
    }

    /// <summary>What a browser's frontend sends: its Origin, and its cookies if it has any.</summary>
    public static HttpRequestMessage Frontend(string url, object? body, string? cookies)
    {
        var request = Json(HttpMethod.Post, url, body, cookies: cookies);
        request.Headers.Add("Origin", new Uri(url).Host.Replace("auth.", "http://app.", StringComparison.Ordinal) + ":5173");
        return request;
    }

    /// <summary>A navigation.</summary>
    public static HttpRequestMessage Navigation(string url, string? cookies) => WithCookies(new HttpRequestMessage(HttpMethod.Get, url), cookies);

    /// <summary>A form of an OAuth client that has a secret.</summary>
    public static HttpRequestMessage Form(string url, string client, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new FormUrlEncodedContent(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))),
        };
        var credentials = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{client}:{client}-secret"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        return request;
    }

    /// <summary>An authorization request of demo-web.</summary>
    public static string AuthorizeUrl(string scope) =>
        $"{ServiceClient.Contoso}/authorize?client_id=demo-web&redirect_uri={Uri.EscapeDataString(Callback)}&response_type=code"
        + $"&scope={Uri.EscapeDataString(scope)}&state=s&code_challenge={Challenge}&code_challenge_method=S256";

    private static HttpRequestMessage WithCookies(HttpRequestMessage request, string? cookies)
    {
        if (cookies is not null)
        {
            request.Headers.Add("Cookie", cookies);
        }

        return request;
    }
}
