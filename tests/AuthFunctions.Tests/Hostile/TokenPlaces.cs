using System.Text.Json.Nodes;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Clients;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Handoff;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Hostile;

/// <summary>A genuine token, and how whatever stands in for it is presented: true if it is taken.</summary>
internal sealed record Presentation(string Genuine, Func<string, Task<bool>> TakesAsync);

/// <summary>Everywhere that a JSON Web Token is taken, of ours or of clients'.</summary>
public sealed class TokenPlaces : IAsyncLifetime, IDisposable
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private readonly ClientKeyPair key = new();
    private Browser person = null!;
    private DpopKey dpop = null!;

    public static readonly string[] Names =
    [
        "session, bearer", "session, cookie", "userinfo", "manage", "introspect", "id_token_hint", "end_session", "handoff", "request",
        "client_assertion", "subject_token", "DPoP",
    ];

    internal TestService Service { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var settings = ExchangeCeremony.Settings();
        settings["Clients:1:Jwks"] = key.Jwks;
        settings["Clients:8:ClientId"] = "key-client";
        settings["Clients:8:Sites:0"] = "contoso";
        settings["Clients:8:GrantTypes:0"] = "client_credentials";
        settings["Clients:8:Scopes:0"] = "orders.read";
        settings["Clients:8:Resources:0"] = ExchangeCeremony.Orders;
        settings["Clients:8:Jwks"] = key.Jwks;
        Service = await StartAsync(settings);
        person = await Service.SignedInAsync();
        dpop = new DpopKey(Service);
        await dpop.LearnNonceAsync(person);
    }

    public async Task DisposeAsync() => await Service.DisposeAsync();

    public void Dispose()
    {
        dpop.Dispose();
        person.Dispose();
        key.Dispose();
    }

    /// <summary>A genuine token of each kind that there is, and what else may be mistaken for one.</summary>
    internal async Task<Dictionary<string, string>> KindsAsync()
    {
        var tokens = await person.TokensAsync(("scope", "openid email offline_access"));
        var kinds = new Dictionary<string, string>
        {
            ["id token"] = Ceremony.Text(tokens, "id_token"),
            ["access token of a client"] = Ceremony.Text(tokens, "access_token"),
            ["access token of another site"] = (await Service.NativeAsync(Fabrikam)).AccessToken,
            ["access token for an API"] = await person.SubjectTokenAsync(),
            ["access token of a machine"] = await Service.ClientTokenAsync(OAuthCalls.Machine),
            ["refresh token"] = Ceremony.Text(tokens, "refresh_token"),
            ["code"] = await person.CodeAsync(),
            ["session handle"] = person.Cookie(Contoso, "__Host-sid")!,
        };
        foreach (var name in Names)
        {
            kinds.TryAdd("for " + name, (await IssueAsync(name)).Genuine);
        }

        return kinds;
    }

    /// <summary>A genuine token for this place, with what must come with it.</summary>
    internal async Task<Presentation> IssueAsync(string name)
    {
        switch (name)
        {
            case "session, bearer":
                return new((await Service.NativeAsync()).AccessToken, t => StatusAsync(200, Get("/session", bearer: t)));

            case "session, cookie":
                using (var browser = await Service.SignedInAsync())
                {
                    return new(browser.Cookie(Contoso, "__Secure-at")!, t => StatusAsync(200, Get("/session", cookie: "__Secure-at=" + t)));
                }

            case "userinfo":
                return new(Ceremony.Text(await person.TokensAsync(), "access_token"), t => StatusAsync(200, Get("/userinfo", bearer: t)));

            case "manage":
                return new(await Service.ClientTokenAsync(OAuthCalls.Operator), t => StatusAsync(200, Get("/manage/keys", bearer: t)));

            case "introspect":
                return new(await Service.ClientTokenAsync(OAuthCalls.Machine), async t =>
                {
                    using var response = await person.FormAsync(Contoso + "/introspect", OAuthCalls.Machine, ("token", t));
                    return (await response.Content.ReadAsStringAsync()).Contains("\"active\":true", StringComparison.Ordinal);
                });

            case "id_token_hint":
                return new(Ceremony.Text(await person.TokensAsync(), "id_token"), async t =>
                {
                    using var response = await person.AuthorizeAsync(("prompt", "none"), ("id_token_hint", t));
                    return response.Headers.Location?.OriginalString.Contains("code=", StringComparison.Ordinal) == true;
                });

            case "end_session":
                // In no browser that is signed in: all that the token decides is whether the way back is trusted.
                return new(Ceremony.Text(await person.TokensAsync(), "id_token"), t => StatusAsync(303, Get(
                    $"/end_session?id_token_hint={Uri.EscapeDataString(t)}&post_logout_redirect_uri={Uri.EscapeDataString(ContosoApp + "/")}")));

            case "handoff":
                var handoff = await HandoffCeremony.SignedInAsync(Service);
                var accept = await handoff.MintAsync();
                return new(accept.Split("token=")[1], async t =>
                {
                    using var response = await handoff.Browser.GetAsync($"{Fabrikam}/handoff/accept?token={Uri.EscapeDataString(t)}");
                    return response.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(c => c.Contains("sid_", StringComparison.Ordinal));
                });

            case "request":
                return new(Signed("oauth-authz-req+jwt", Ceremony.Request(("client_id", "demo-web"))), async t =>
                {
                    using var response = await person.GetAsync($"{Contoso}/authorize?client_id=demo-web&request={Uri.EscapeDataString(t)}");
                    return response.Headers.Location?.OriginalString.Contains("code=", StringComparison.Ordinal) == true;
                });

            case "client_assertion":
                return new(Signed("JWT", [("sub", "key-client"), ("jti", Guid.NewGuid().ToString())], "key-client"), async t =>
                    await StatusAsync(200, Browser.FormRequest(
                        Contoso + "/token", null,
                        ("grant_type", "client_credentials"), ("client_assertion_type", AssertionType), ("client_assertion", t))));

            case "subject_token":
                return new(await person.SubjectTokenAsync(), async t =>
                {
                    using var api = Service.NewBrowser();
                    var actor = await Service.ClientTokenAsync(ExchangeCeremony.OrdersApi);
                    using var response = await api.ExchangeAsync(ExchangeCeremony.OrdersApi, t, actor);
                    return (int)response.StatusCode == 200;
                });

            case "DPoP":
                return new(dpop.Proof("POST", Contoso + "/token"), async t =>
                {
                    using var response = await dpop.FormAsync(person, "/token", OAuthCalls.Machine, t, ("grant_type", "client_credentials"));
                    return (int)response.StatusCode == 200;
                });

            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, "no such place");
        }
    }

    private string Signed(string type, (string Name, string Value)[] claims, string issuer = "demo-web")
    {
        var all = new JsonObject { ["iss"] = issuer, ["aud"] = Contoso, ["exp"] = Service.Clock.GetUtcNow().ToUnixTimeSeconds() + 60 };
        foreach (var (name, value) in claims)
        {
            all[name] = value;
        }

        return key.Sign(new() { ["alg"] = "ES256", ["typ"] = type, ["kid"] = key.Kid }, all);
    }

    private static HttpRequestMessage Get(string path, string? bearer = null, string? cookie = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Contoso + path);
        if (bearer is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        }

        if (cookie is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        }

        return request;
    }

    private async Task<bool> StatusAsync(int status, HttpRequestMessage request)
    {
        using var nobody = Service.NewBrowser();
        using var response = await nobody.SendAsync(request);
        return (int)response.StatusCode == status;
    }
}
