using System.Net.Http.Headers;
using System.Text.Json;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Conformance;

/// <summary>
/// The confidential client demo-web in the hands of somebody who trusts nothing: what the suite checks of every answer, whatever the module.
/// One service serves a whole class; each test brings a person of its own.
/// </summary>
public sealed class RelyingParty : IAsyncLifetime
{
    public const string Home = ContosoApp + "/";

    internal const string ClientId = "demo-web";

    private IEnumerable<SecurityKey> keys = [];

    internal TestService Service { get; private set; } = null!;

    internal JsonElement Metadata { get; private set; }

    public async Task InitializeAsync()
    {
        Service = await StartAsync();
        using var browser = Service.NewBrowser();
        using var metadata = await browser.GetAsync(Contoso + "/.well-known/openid-configuration");
        Metadata = await metadata.JsonAsync();
        using var jwks = await browser.GetAsync(Endpoint("jwks_uri"));
        keys = new JsonWebKeySet(await jwks.Content.ReadAsStringAsync()).GetSigningKeys();
    }

    public async Task DisposeAsync() => await Service.DisposeAsync();

    /// <summary>An endpoint by its name in the metadata.</summary>
    internal string Endpoint(string name) => Metadata.GetProperty(name).GetString()!;

    internal bool Supports(string list, string value) => Metadata.GetProperty(list).EnumerateArray().Any(v => v.GetString() == value);

    /// <summary>A request that is valid but for what is spoilt. PKCE is in all of them: this service takes none without.</summary>
    internal string Request(params (string Name, string? Value)[] spoilt) => QueryHelpers.AddQueryString(
        Endpoint("authorization_endpoint"),
        Ceremony.Request([("client_id", ClientId), .. spoilt]).Select(p => new KeyValuePair<string, string?>(p.Name, p.Value)));

    /// <summary>The whole flow of a signed-in person.</summary>
    internal async Task<JsonElement> TokensAsync(Browser browser, params (string Name, string? Value)[] spoilt)
    {
        using var response = await browser.GetAsync(Request(spoilt));
        return await TokensAsync(browser, response, spoilt.All(s => s.Name != "nonce") ? "n-0S6_WzA2Mj" : spoilt.First(s => s.Name == "nonce").Value);
    }

    /// <summary>Redeems the code of an authorization response, by HTTP Basic, and checks what comes.</summary>
    internal async Task<JsonElement> TokensAsync(Browser browser, HttpResponseMessage answered, string? nonce = "n-0S6_WzA2Mj")
    {
        using var response = await RedeemAsync(browser, Ceremony.Answered(answered)["code"]);
        return await CheckedAsync(response, nonce);
    }

    internal Task<HttpResponseMessage> RedeemAsync(Browser browser, string code) => browser.FormAsync(
        Endpoint("token_endpoint"),
        OAuthCalls.Web,
        ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Ceremony.Callback), ("code_verifier", Ceremony.Verifier));

    /// <summary>OpenID Connect Core §3.1.3.3 to §3.1.3.7.</summary>
    internal async Task<JsonElement> CheckedAsync(HttpResponseMessage response, string? nonce)
    {
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.True(response.Headers.CacheControl!.NoStore);
        var tokens = await response.JsonAsync();
        Assert.Equal("Bearer", OAuthCalls.Text(tokens, "token_type"));
        Assert.True(tokens.GetProperty("expires_in").GetInt32() > 0);
        var claims = await IdTokenAsync(OAuthCalls.Text(tokens, "id_token")!);
        Assert.Equal(nonce, claims.TryGetProperty("nonce", out var told) ? told.GetString() : null);
        return tokens;
    }

    /// <summary>The claims of an ID token, once its signature, issuer, audience and times hold.</summary>
    internal async Task<JsonElement> IdTokenAsync(string token)
    {
        var now = Service.Clock.GetUtcNow();
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new()
        {
            ValidIssuer = Endpoint("issuer"),
            ValidAudience = ClientId,
            IssuerSigningKeys = keys,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            LifetimeValidator = (_, expires, _, _) => expires > now.UtcDateTime,
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        var (header, claims) = OAuthCalls.Decode(token);
        Assert.Equal(keys.Single().KeyId, OAuthCalls.Text(header, "kid"));
        Assert.InRange(claims.GetProperty("iat").GetInt64(), now.AddMinutes(-5).ToUnixTimeSeconds(), now.ToUnixTimeSeconds());
        Assert.InRange(OAuthCalls.Text(claims, "sub")!.Length, 1, 255);
        return claims;
    }

    /// <summary>What the userinfo endpoint tells, once it is the same person's.</summary>
    internal async Task<JsonElement> UserInfoAsync(Browser browser, JsonElement tokens)
    {
        using var response = await AskUserInfoAsync(browser, HttpMethod.Get, OAuthCalls.Text(tokens, "access_token")!);
        return await CheckedUserInfoAsync(response, tokens);
    }

    internal Task<HttpResponseMessage> AskUserInfoAsync(Browser browser, HttpMethod method, string accessToken)
    {
        var request = new HttpRequestMessage(method, Endpoint("userinfo_endpoint"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return browser.SendAsync(request);
    }

    /// <summary>OpenID Connect Core §5.3.2: the subject is the ID token's.</summary>
    internal static async Task<JsonElement> CheckedUserInfoAsync(HttpResponseMessage response, JsonElement tokens)
    {
        Assert.Equal(200, (int)response.StatusCode);
        var claims = await response.JsonAsync();
        Assert.Equal(OAuthCalls.Text(tokens.Claims("id_token"), "sub"), OAuthCalls.Text(claims, "sub"));
        return claims;
    }
}
