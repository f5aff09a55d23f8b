using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using Microsoft.Extensions.Options;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Tokens;

public class AccessTokenTests
{
    private const string Orders = "https://orders.example";

    [Fact]
    public async Task An_access_token_has_the_header_and_the_claims_of_RFC_9068_and_no_others()
    {
        await using var service = await StartAsync();
        var (userId, token, _) = await service.NativeAsync();
        var now = service.Clock.GetUtcNow().ToUnixTimeSeconds();

        var (header, claims) = OAuthCalls.Decode(token);

        Assert.Equal("alg kid typ", header.Members());
        Assert.Equal(("ES256", service.Keys.Kid, "at+jwt"), (header.Text("alg"), header.Text("kid"), header.Text("typ")));
        Assert.Equal(
            "acr amr aud auth_time client_id email exp iat iss jti name scope session_created_at session_expires_at sid sub", claims.Members());
        Assert.Equal(Contoso, claims.Text("iss"));
        Assert.Equal(Contoso, claims.Text("aud"));
        Assert.Equal(userId, claims.Text("sub"));
        Assert.Equal("first-party", claims.Text("client_id"));
        Assert.Equal("openid profile email", claims.Text("scope"));
        Assert.Equal("""["pwd"]""", claims.GetProperty("amr").GetRawText());
        Assert.Equal((now, now, now + 300), (claims.GetProperty("iat").GetInt64(), claims.GetProperty("auth_time").GetInt64(), claims.GetProperty("exp").GetInt64()));
        Assert.Equal(22, claims.Text("jti")!.Length);
    }

    [Fact]
    public async Task A_token_is_signed_by_the_key_that_its_header_names()
    {
        await using var service = await StartAsync();
        var (_, token, _) = await service.NativeAsync();
        var dot = token.LastIndexOf('.');

        Assert.True(service.Keys.Private.VerifyData(
            Encoding.ASCII.GetBytes(token).AsSpan(0, dot), Base64Url.DecodeFromChars(token.AsSpan(dot + 1)), HashAlgorithmName.SHA256));
    }

    [Fact]
    public async Task Where_the_site_has_an_API_its_tokens_are_for_that_alone_and_tell_neither_address_nor_name()
    {
        await using var service = await StartAsync(new() { ["Sites:contoso:Resource"] = Orders });
        var (_, token, _) = await service.NativeAsync();

        var claims = OAuthCalls.Decode(token).Claims;

        Assert.Equal(Orders, claims.Text("aud"));
        Assert.Equal("acr amr aud auth_time client_id exp iat iss jti scope sid sub", claims.Members());

        // A token for an API never acts.
        using var app = service.NewBrowser();
        app.Headers["Authorization"] = "Bearer " + token;
        using var sessions = await app.GetAsync(Contoso + "/sessions");
        await sessions.RefusedAsync(401, "session_ended");
        using var session = await app.GetAsync(Contoso + "/session");
        await session.RefusedAsync(401, "session_ended");
    }

    [Fact]
    public async Task An_id_token_is_for_its_client_and_names_the_person()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var app = service.NewBrowser();
        using var response = await app.PostAsync(
            Contoso + "/register", new { email, password = Password, name = "Grace", transport = "body" }, origin: null);
        var idToken = await response.TextAsync("id_token");

        var (header, claims) = OAuthCalls.Decode(idToken!);

        Assert.Equal($$"""{"alg":"ES256","kid":"{{service.Keys.Kid}}","typ":"JWT"}""", header.GetRawText());
        Assert.Equal("acr amr aud auth_time email email_verified exp iat iss name sid sub", claims.Members());
        Assert.Equal("first-party", claims.Text("aud"));
        Assert.Equal(("Grace", email, false), (claims.Text("name"), claims.Text("email"), claims.GetProperty("email_verified").GetBoolean()));
    }

    [Fact]
    public async Task An_id_token_opens_nothing()
    {
        await using var service = await StartAsync();
        using var app = service.NewBrowser();
        using var registered = await app.PostAsync(
            Contoso + "/register", new { email = NewEmail(), password = Password, transport = "body" }, origin: null);
        var body = await registered.JsonAsync();

        app.Headers["Authorization"] = "Bearer " + body.Text("access_token");
        using var valid = await app.GetAsync(Contoso + "/session");
        Assert.Equal(200, (int)valid.StatusCode);
        app.Headers["Authorization"] = "Bearer " + body.Text("id_token");
        using var refused = await app.GetAsync(Contoso + "/session");
        await refused.RefusedAsync(401, "session_ended");
        service.AssertReason("access token: SecurityTokenInvalidTypeException");
    }

    [Fact]
    public async Task A_client_s_own_token_has_the_client_as_its_subject_and_no_session()
    {
        await using var service = await StartAsync();

        var claims = OAuthCalls.Decode(await service.ClientTokenAsync(OAuthCalls.Machine)).Claims;

        Assert.Equal("aud client_id exp iat iss jti scope sub", claims.Members());
        Assert.Equal(("demo-machine", "demo-machine", "orders.read", Contoso), (claims.Text("sub"), claims.Text("client_id"), claims.Text("scope"), claims.Text("aud")));
    }

    [Fact]
    public async Task A_token_is_for_the_resource_that_was_asked_for()
    {
        await using var service = await StartAsync();

        var token = await service.ClientTokenAsync(OAuthCalls.Machine, ("resource", Orders));

        Assert.Equal(Orders, OAuthCalls.Decode(token).Claims.Text("aud"));
    }

    [Fact]
    public async Task The_life_of_a_token_is_a_setting()
    {
        await using var service = await StartAsync(new() { ["Tokens:AccessTokenLifetime"] = "00:07:00" });
        using var browser = service.NewBrowser();

        using var response = await browser.FormAsync(Contoso + "/token", OAuthCalls.Machine, ("grant_type", "client_credentials"));

        var body = await response.JsonAsync();
        Assert.Equal(420, body.GetProperty("expires_in").GetInt32());
        var claims = OAuthCalls.Decode(body.Text("access_token")!).Claims;
        Assert.Equal(420, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
    }

    [Fact]
    public async Task An_API_may_have_a_life_of_its_own_for_its_tokens_and_no_other_token_has_it()
    {
        await using var service = await StartAsync(new()
        {
            ["Resources:orders:AccessTokenLifetime"] = "00:02:00",
            ["Clients:0:Resources:0"] = Orders,
        });
        using var browser = await service.SignedInAsync();

        var granted = await browser.TokensAsync(("resource", Orders));
        using var refreshed = await Ceremony.RefreshAsync(browser, granted.Text("refresh_token")!);
        using var machine = await browser.FormAsync(
            Contoso + "/token", OAuthCalls.Machine, ("grant_type", "client_credentials"), ("resource", Orders));
        var own = await browser.TokensAsync();

        foreach (var (answer, seconds) in new[] { (granted, 120), (await refreshed.JsonAsync(), 120), (await machine.JsonAsync(), 120), (own, 300) })
        {
            var claims = OAuthCalls.Decode(answer.Text("access_token")!).Claims;
            Assert.Equal(seconds, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
            Assert.Equal(seconds, answer.GetProperty("expires_in").GetInt32());
        }

        var idToken = OAuthCalls.Decode(granted.Text("id_token")!).Claims;
        Assert.Equal(300, idToken.GetProperty("exp").GetInt64() - idToken.GetProperty("iat").GetInt64());
    }

    [Theory]
    [InlineData("00:00:59")]
    [InlineData("01:00:01")]
    public async Task A_life_out_of_its_range_keeps_the_service_from_starting(string lifetime)
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(new() { ["Resources:orders:AccessTokenLifetime"] = lifetime }));

        Assert.Contains("Resources: every AccessTokenLifetime must be 1 to 60 minutes.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_s_token_is_for_the_issuer_even_where_the_site_has_an_API()
    {
        await using var service = await StartAsync(new() { ["Sites:contoso:Resource"] = Orders });

        Assert.Equal(Contoso, OAuthCalls.Decode(await service.ClientTokenAsync(OAuthCalls.Operator)).Claims.Text("aud"));
        Assert.Equal(Orders, OAuthCalls.Decode(await service.ClientTokenAsync(OAuthCalls.Machine)).Claims.Text("aud"));
    }
}
