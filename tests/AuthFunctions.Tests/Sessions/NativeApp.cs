using System.Net.Http.Headers;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Sessions;

/// <summary>A native app in which somebody is signed in: no cookies, no Origin, tokens in the body.</summary>
internal sealed class NativeApp : IDisposable
{
    private readonly Browser http;
    private readonly string site;

    private NativeApp(Browser http, string site) => (this.http, this.site) = (http, site);

    public string Email { get; private init; } = "";

    public string UserId { get; private set; } = "";

    public string SessionId { get; private set; } = "";

    public string AccessToken { get; private set; } = "";

    public string RefreshToken { get; private set; } = "";

    /// <summary>An app in which a new person has just registered.</summary>
    public static Task<NativeApp> RegisterAsync(TestService service, string site = Contoso) => StartAsync(service, site, "/register", NewEmail());

    /// <summary>An app in which somebody with an account signs in.</summary>
    public static Task<NativeApp> SignInAsync(TestService service, string email, string site = Contoso) => StartAsync(service, site, "/login", email);

    /// <summary>Any request with the access token, or another credential in its place.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? bearer = null)
    {
        var request = new HttpRequestMessage(method, site + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer ?? AccessToken);
        return http.SendAsync(request);
    }

    /// <summary>A refresh by the current refresh token, or another one.</summary>
    public Task<HttpResponseMessage> RefreshAsync(string? refreshToken = null, string? at = null) =>
        http.PostAsync((at ?? site) + "/refresh", new { refresh_token = refreshToken ?? RefreshToken }, origin: null);

    /// <summary>A refresh that succeeds; what it yields is the app's from now on.</summary>
    public async Task<string> RotateAsync()
    {
        using var response = await RefreshAsync();
        await KeepAsync(response, 200);
        return RefreshToken;
    }

    public void Dispose() => http.Dispose();

    private static async Task<NativeApp> StartAsync(TestService service, string site, string path, string email)
    {
        var app = new NativeApp(service.NewBrowser(), site) { Email = email };
        using var response = await app.http.PostAsync(site + path, new { email, password = Password, transport = "body" }, origin: null);
        await app.KeepAsync(response, path == "/register" ? 201 : 200);
        return app;
    }

    private async Task KeepAsync(HttpResponseMessage response, int status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, body);
        var json = await response.JsonAsync();
        UserId = json.GetProperty("user").GetProperty("id").GetString()!;
        SessionId = json.GetProperty("session").GetProperty("id").GetString()!;
        AccessToken = json.GetProperty("access_token").GetString()!;
        RefreshToken = json.GetProperty("refresh_token").GetString()!;
    }
}
