using System.Buffers.Text;
using System.Text.Json;
using AuthFunctions.Tests.Fixtures;
using Microsoft.AspNetCore.WebUtilities;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Authorize;

/// <summary>A valid authorization code ceremony at contoso, of which a test spoils one thing. A value of null leaves a parameter out.</summary>
internal static class Ceremony
{
    /// <summary>RFC 7636 appendix B.</summary>
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    /// <summary>RFC 7636 appendix B.</summary>
    public const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    public const string Callback = ContosoApp + "/callback";
    public const string State = "a state & more=1";
    public const string Partner = "demo-partner";
    public const string PartnerCallback = "http://127.0.0.1:51004/callback";

    public static readonly (string Name, string? Value)[] AsPartner = [("client_id", Partner), ("redirect_uri", PartnerCallback)];

    public static (string Name, string Value)[] Request(params (string Name, string? Value)[] spoilt) => Spoil(
        [
            ("client_id", "demo-spa"), ("redirect_uri", Callback), ("response_type", "code"), ("scope", "openid profile email"),
            ("state", State), ("nonce", "n-0S6_WzA2Mj"), ("code_challenge", Challenge), ("code_challenge_method", "S256"),
        ],
        spoilt);

    public static string Url(params (string Name, string? Value)[] spoilt) => UrlAt(Contoso, spoilt);

    public static string UrlAt(string site, params (string Name, string? Value)[] spoilt) => QueryHelpers.AddQueryString(
        site + "/authorize", Request(spoilt).Select(p => new KeyValuePair<string, string?>(p.Name, p.Value)));

    public static Task<HttpResponseMessage> AuthorizeAsync(this Browser browser, params (string Name, string? Value)[] spoilt) => browser.GetAsync(Url(spoilt));

    /// <summary>The code that the browser is sent to the client with.</summary>
    public static async Task<string> CodeAsync(this Browser browser, params (string Name, string? Value)[] spoilt)
    {
        using var response = await browser.AuthorizeAsync(spoilt);
        return Answered(response, spoilt.FirstOrDefault(s => s.Name == "redirect_uri").Value ?? Callback)["code"];
    }

    public static Task<HttpResponseMessage> RedeemAsync(this Browser browser, string code, params (string Name, string? Value)[] spoilt) =>
        browser.RedeemAtAsync(Contoso, null, code, spoilt);

    public static Task<HttpResponseMessage> RedeemAtAsync(
        this Browser browser, string site, (string Id, string Secret)? client, string code, params (string Name, string? Value)[] spoilt) => browser.FormAsync(
        site + "/token",
        client,
        Spoil(
            [
                ("grant_type", "authorization_code"), ("client_id", "demo-spa"), ("code", code),
                ("redirect_uri", Callback), ("code_verifier", Verifier),
            ],
            spoilt));

    /// <summary>The whole ceremony: the token response.</summary>
    public static async Task<JsonElement> TokensAsync(this Browser browser, params (string Name, string? Value)[] spoilt)
    {
        var client = spoilt.Where(s => s.Name is "client_id" or "redirect_uri").ToArray();
        using var response = await browser.RedeemAsync(await browser.CodeAsync(spoilt), client);
        Assert.Equal(200, (int)response.StatusCode);
        return await response.JsonAsync();
    }

    /// <summary>Redeems a refresh token.</summary>
    public static Task<HttpResponseMessage> RefreshAsync(this Browser browser, string refreshToken, string client = "demo-spa") =>
        browser.FormAsync(Contoso + "/token", null, ("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", refreshToken));

    /// <summary>The parameters that the client is answered with; the answer is a 303 to its redirect URI and names the issuer.</summary>
    public static Dictionary<string, string> Answered(HttpResponseMessage response, string redirectUri = Callback)
    {
        Assert.Equal(303, (int)response.StatusCode);
        var location = response.Headers.Location!.OriginalString;
        Assert.StartsWith(redirectUri + "?", location, StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(new Uri(location).Query).ToDictionary(p => p.Key, p => p.Value.ToString());
        Assert.Equal(Contoso, query["iss"]);
        Assert.Equal(State, query["state"]);
        return query;
    }

    /// <summary>Asserts that the client hears of this error.</summary>
    public static void Errs(HttpResponseMessage response, string error, string redirectUri = Callback)
    {
        var query = Answered(response, redirectUri);
        Assert.Equal(error, query["error"]);
        Assert.DoesNotContain("code", query.Keys);
    }

    /// <summary>Asserts that the person is shown an error page and no client hears of it.</summary>
    public static async Task ShownAsync(HttpResponseMessage response, int status, string code)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Null(response.Headers.Location);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains($"<code>{code}</code>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>Where the browser is sent on to, on the auth host itself.</summary>
    public static string Onwards(HttpResponseMessage response, string path)
    {
        Assert.Equal(303, (int)response.StatusCode);
        var location = response.Headers.Location!.OriginalString;
        Assert.StartsWith(path + "?", location, StringComparison.Ordinal);
        return location;
    }

    /// <summary>Signs in on the page that a response leads to, and follows it back to the authorization endpoint.</summary>
    public static async Task<HttpResponseMessage> SignInOnPageAsync(this Browser browser, HttpResponseMessage toSignIn, string email)
    {
        using var page = await browser.GetAsync(Contoso + Onwards(toSignIn, "/signin"));
        using var signedIn = await browser.SubmitAsync(
            Contoso + "/signin", await page.Content.ReadAsStringAsync(), ("email", email), ("password", Password));
        return await browser.GetAsync(Contoso + Onwards(signedIn, "/authorize"));
    }

    /// <summary>Decides on the consent page that a response leads to.</summary>
    public static async Task<HttpResponseMessage> ConsentAsync(this Browser browser, HttpResponseMessage toConsent, string choice = "allow")
    {
        using var page = await browser.GetAsync(Contoso + Onwards(toConsent, "/consent"));
        Assert.Equal(200, (int)page.StatusCode);
        return await browser.SubmitAsync(Contoso + "/consent", await page.Content.ReadAsStringAsync(), ("choice", choice));
    }

    public static JsonElement Claims(this JsonElement tokens, string member) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(tokens.Text(member).Split('.')[1])).RootElement.Clone();

    public static string Text(this JsonElement json, string member) => json.GetProperty(member).GetString()!;

    public static (string Name, string Value)[] Spoil((string Name, string? Value)[] valid, (string Name, string? Value)[] spoilt) =>
        [.. valid.Where(v => spoilt.All(s => s.Name != v.Name)).Concat(spoilt).Where(p => p.Value is not null).Select(p => (p.Name, p.Value!))];
}
