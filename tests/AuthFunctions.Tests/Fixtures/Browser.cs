using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using AuthFunctions.Tests.OpenApi;
using Microsoft.Net.Http.Headers;

namespace AuthFunctions.Tests.Fixtures;

/// <summary>
/// A client with a cookie jar, which follows no redirect by itself. Reaches the service under every host name. Cookies go by host,
/// domain and age; that SameSite and Secure are honoured is for a real browser to show. Every answer is held to openapi.json.
/// </summary>
internal sealed class Browser(int port, TimeProvider clock) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (_, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    /// <summary>The cookies by host (or by domain, with a dot before it) and name.</summary>
    public Dictionary<(string Host, string Name), (string Value, SetCookieHeaderValue Attributes, DateTimeOffset Expires)> Cookies { get; } = [];

    /// <summary>What every request carries besides, until set back: <c>Sec-Fetch-User</c> and the like.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>A cookie's value, or null.</summary>
    public string? Cookie(string site, string name) =>
        CookiesFor(new Uri(site)).Where(c => c.Name == name).Select(c => c.Value).FirstOrDefault();

    /// <summary>A navigation.</summary>
    public Task<HttpResponseMessage> GetAsync(string url) => SendAsync(new HttpRequestMessage(HttpMethod.Get, url));

    /// <summary>A fetch of the site's own frontend: JSON, with its Origin.</summary>
    public Task<HttpResponseMessage> PostAsync(string url, object? body = null, string? origin = "app") =>
        SendAsync(JsonRequest(HttpMethod.Post, url, body ?? new { }, origin));

    /// <summary>A DELETE of the site's own frontend.</summary>
    public Task<HttpResponseMessage> DeleteAsync(string url, string? origin = "app")
    {
        var request = JsonRequest(HttpMethod.Delete, url, null, origin);
        request.Headers.Add("X-Requested-With", "fetch");
        return SendAsync(request);
    }

    /// <summary>A request as a frontend makes it. <paramref name="origin"/> "app" stands for the app origin of the URL's site, null for none.</summary>
    public static HttpRequestMessage JsonRequest(HttpMethod method, string url, object? body, string? origin = "app")
    {
        var request = new HttpRequestMessage(method, url) { Content = body is null ? null : JsonContent.Create(body) };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "app" ? new Uri(url).Host.Replace("auth.", "http://app.", StringComparison.Ordinal) + ":5173" : origin);
        }

        return request;
    }

    /// <summary>A form of one of the service's own pages, sent with the hidden fields that the page holds.</summary>
    public Task<HttpResponseMessage> SubmitAsync(string url, string page, params (string Name, string Value)[] fields) => SendAsync(PageRequest(url, page, fields));

    /// <summary>What <see cref="SubmitAsync"/> sends.</summary>
    public static HttpRequestMessage PageRequest(string url, string page, params (string Name, string Value)[] fields)
    {
        var hidden = System.Text.RegularExpressions.Regex.Matches(page, "<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")
            .Select(m => (Name: m.Groups[1].Value, Value: WebUtility.HtmlDecode(m.Groups[2].Value)));
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new FormUrlEncodedContent(hidden.Where(h => fields.All(f => f.Name != h.Name)).Concat(fields)
                .Select(f => new KeyValuePair<string, string>(f.Name, f.Value))),
        };
        request.Headers.Add("Origin", new Uri(url).GetLeftPart(UriPartial.Authority));
        return request;
    }

    /// <summary>A form to an OAuth endpoint, with the client's secret by HTTP Basic if there is one.</summary>
    public Task<HttpResponseMessage> FormAsync(string url, (string Id, string Secret)? client, params (string Name, string Value)[] fields) =>
        SendAsync(FormRequest(url, client, fields));

    /// <summary>What <see cref="FormAsync"/> sends.</summary>
    public static HttpRequestMessage FormRequest(string url, (string Id, string Secret)? client, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new FormUrlEncodedContent(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))),
        };
        if (client is var (id, secret))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")));
        }

        return request;
    }

    /// <summary>Any request, with the cookies that belong to its host.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        var url = request.RequestUri!;
        if (!request.Headers.Contains("Cookie") && CookiesFor(url).ToList() is { Count: > 0 } cookies)
        {
            request.Headers.Add("Cookie", string.Join("; ", cookies.Select(c => $"{c.Name}={c.Value}")));
        }

        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await http.SendAsync(request);
        await response.HoldAsync();
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            SetCookieHeaderValue.ParseList(set.ToList()).ToList().ForEach(cookie => Keep(url, cookie));
        }

        return response;
    }

    /// <summary>
    /// A copy of this browser, cookies included: what another tab, or a thief of all of them, has; where told, one that meets another instance.
    /// </summary>
    public Browser Copy(TestService? at = null)
    {
        var copy = new Browser(at?.Port ?? port, clock);
        foreach (var (key, value) in Cookies)
        {
            copy.Cookies[key] = value;
        }

        return copy;
    }

    public void Dispose() => http.Dispose();

    /// <summary>The cookies that a request to this URL carries.</summary>
    public IEnumerable<(string Name, string Value)> CookiesFor(Uri url) =>
        Cookies.Where(c => c.Value.Expires > clock.GetUtcNow()
                && (c.Key.Host == url.Host || (c.Key.Host.StartsWith('.') && ("." + url.Host).EndsWith(c.Key.Host, StringComparison.Ordinal))))
            .Select(c => (c.Key.Name, c.Value.Value));

    private void Keep(Uri url, SetCookieHeaderValue cookie)
    {
        var key = (cookie.Domain.HasValue ? "." + cookie.Domain.Value!.TrimStart('.') : url.Host, cookie.Name.Value!);
        if (cookie.MaxAge is { } age && age <= TimeSpan.Zero)
        {
            Cookies.Remove(key);
            return;
        }

        Cookies[key] = (cookie.Value.Value ?? "", cookie, clock.GetUtcNow() + (cookie.MaxAge ?? TimeSpan.FromDays(1)));
    }
}

/// <summary>Reading answers.</summary>
internal static class Answers
{
    /// <summary>The JSON body.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    /// <summary>A text member of the JSON body.</summary>
    public static async Task<string?> TextAsync(this HttpResponseMessage response, string member) =>
        (await response.JsonAsync()).TryGetProperty(member, out var value) ? value.GetString() : null;

    /// <summary>Asserts the status and the <c>code</c> (problem) or <c>error</c> (OAuth) of a refusal.</summary>
    public static async Task RefusedAsync(this HttpResponseMessage response, int status, string code)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {body}");
        var json = JsonDocument.Parse(body).RootElement;
        Assert.Equal(code, (json.TryGetProperty("code", out var c) ? c : json.GetProperty("error")).GetString());
    }
}
