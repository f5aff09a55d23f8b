using System.Text.Json.Nodes;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>A handoff token is no access token: the very claims that pass as <c>at+jwt</c> fail as <c>handoff+jwt</c>.</summary>
public class HandoffTokenElsewhereTests(HandoffService shared) : IClassFixture<HandoffService>
{
    private readonly TestService service = shared.Service;

    [Theory]
    [InlineData("/session", "session_ended")]
    [InlineData("/session?fresh=1", "session_ended")]
    [InlineData("/sessions", "session_ended")]
    [InlineData("/manage/users?email=nobody@people.test", "invalid_token")]
    public async Task Only_the_type_of_access_tokens_opens_an_endpoint(string path, string code)
    {
        var claims = await AccessClaimsAsync();
        using var client = service.NewBrowser();

        using var accepted = await client.SendAsync(Bearing(path, Typed("at+jwt", claims)));
        using var refused = await client.SendAsync(Bearing(path, Typed("handoff+jwt", claims)));

        Assert.Equal(200, (int)accepted.StatusCode);
        await refused.RefusedAsync(401, code);
    }

    [Fact]
    public async Task A_minted_handoff_token_opens_nothing_and_is_inactive()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var token = HandoffCeremony.TokenOf(await handoff.MintAsync());
        using var client = service.NewBrowser();

        foreach (var site in new[] { Contoso, Fabrikam })
        {
            using var session = await client.SendAsync(Bearing("/session", token, site));
            await session.RefusedAsync(401, "session_ended");
            using var introspection = await client.FormAsync(site + "/introspect", ("demo-web", "demo-web-secret"), ("token", token));
            Assert.Equal("""{"active":false}""", await introspection.Content.ReadAsStringAsync());
        }

        // Nothing of that used it up.
        await handoff.ArriveAsync(handoff.AcceptUrl(token));
    }

    [Fact]
    public async Task Introspection_knows_access_tokens_only()
    {
        var claims = await AccessClaimsAsync();
        claims["client_id"] = "demo-web";
        using var client = service.NewBrowser();

        using var active = await client.FormAsync(Contoso + "/introspect", ("demo-web", "demo-web-secret"), ("token", Typed("at+jwt", claims)));
        using var inactive = await client.FormAsync(Contoso + "/introspect", ("demo-web", "demo-web-secret"), ("token", Typed("handoff+jwt", claims)));

        Assert.True((await active.JsonAsync()).GetProperty("active").GetBoolean());
        Assert.Equal("""{"active":false}""", await inactive.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_handoff_token_in_the_access_tokens_cookie_is_refused()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var token = HandoffCeremony.TokenOf(await handoff.MintAsync());
        using var genuine = new HttpRequestMessage(HttpMethod.Get, Contoso + "/session");
        genuine.Headers.Add("Cookie", "__Secure-at=" + handoff.AccessToken(Contoso));
        using var spoilt = new HttpRequestMessage(HttpMethod.Get, Contoso + "/session");
        spoilt.Headers.Add("Cookie", "__Secure-at=" + token);

        using var accepted = await handoff.Browser.SendAsync(genuine);
        using var refused = await handoff.Browser.SendAsync(spoilt);

        Assert.Equal(200, (int)accepted.StatusCode);
        await refused.RefusedAsync(401, "session_ended");
    }

    /// <summary>The claims of a native app's access token, with everything that a handoff token has besides.</summary>
    private async Task<JsonObject> AccessClaimsAsync()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var (_, claims) = Forgery.Read(handoff.AccessToken(Contoso)!);
        claims["scope"] = "openid auth.manage";
        claims["nonce"] = "n";
        return claims;
    }

    private string Typed(string type, JsonObject claims) =>
        Forgery.Sign(service.Keys, new JsonObject { ["alg"] = "ES256", ["kid"] = service.Keys.Kid, ["typ"] = type }, claims);

    private static HttpRequestMessage Bearing(string path, string token, string site = Contoso)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, site + path);
        request.Headers.Authorization = new("Bearer", token);
        return request;
    }
}
