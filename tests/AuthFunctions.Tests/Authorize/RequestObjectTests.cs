using System.Text.Json.Nodes;
using AuthFunctions.Tests.Clients;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Authorize.Ceremony;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Authorize;

/// <summary>Signed request objects (RFC 9101): a valid one, and each of its parts spoilt. Client demo-web has a key beside its secret.</summary>
public sealed class RequestObjectTests : IDisposable
{
    private const string Web = "demo-web";
    private readonly ClientKeyPair key = new();

    [Fact]
    public async Task What_the_object_says_counts_and_nothing_beside_it()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();

        using var response = await browser.GetAsync(Url(Signed(service), ("redirect_uri", "https://evil.test/"), ("state", "another"), ("scope", "email")));
        var code = Answered(response)["code"];
        using var redeemed = await browser.RedeemAtAsync(Contoso, OAuthCalls.Web, code, ("client_id", null));

        Assert.Equal("openid profile email", (await redeemed.JsonAsync()).GetProperty("scope").GetString());
    }

    [Fact]
    public async Task Numbers_objects_and_lists_are_parameters_too()
    {
        await using var service = await StartAsync(("Clients:1:Resources:0", "https://orders.example"));
        using var browser = await service.SignedInAsync();

        using var response = await browser.GetAsync(Url(Signed(service, (_, claims) =>
        {
            claims["max_age"] = 600;
            claims["claims"] = JsonNode.Parse("""{"id_token":{"email":null}}""");
            claims["resource"] = new JsonArray("https://orders.example");
            claims["scope"] = "openid";
        })));
        using var redeemed = await browser.RedeemAtAsync(Contoso, OAuthCalls.Web, Answered(response)["code"], ("client_id", null));
        var tokens = await redeemed.JsonAsync();

        Assert.Equal("https://orders.example", tokens.Claims("access_token").GetProperty("aud").GetString());
        Assert.True(tokens.Claims("id_token").TryGetProperty("email", out _));
    }

    [Theory]
    [InlineData("iss", "\"demo-spa\"")]
    [InlineData("iss", null)]
    [InlineData("aud", "\"http://auth.fabrikam.localhost:7071\"")]
    [InlineData("aud", "\"http://auth.contoso.localhost:7071/token\"")]
    [InlineData("aud", "[\"http://auth.contoso.localhost:7071\",\"https://another.example\"]")]
    [InlineData("aud", null)]
    [InlineData("exp", null)]
    [InlineData("exp", "1")]
    [InlineData("exp", "1999999999")]
    [InlineData("nbf", "1999999999")]
    [InlineData("client_id", "\"demo-spa\"")]
    [InlineData("client_id", null)]
    [InlineData("sub", "\"demo-web\"")]
    [InlineData("request", "\"eyJhbGciOiJub25lIn0.e30.\"")]
    [InlineData("request_uri", "\"urn:ietf:params:oauth:request_uri:par_x\"")]
    [InlineData("state", "true")]
    [InlineData("resource", "[{}]")]
    public Task Each_claim_is_checked(string claim, string? json) => RefusedAsync((_, claims) => Set(claims, claim, json));

    [Theory]
    [InlineData("typ", "\"JWT\"")]
    [InlineData("typ", null)]
    [InlineData("alg", "\"HS256\"")]
    [InlineData("alg", "\"RS256\"")]
    [InlineData("alg", "\"none\"")]
    public Task Each_part_of_the_header_is_checked(string member, string? json) => RefusedAsync((header, _) => Set(header, member, json));

    [Theory]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIiwidHlwIjoib2F1dGgtYXV0aHotcmVxK2p3dCJ9.e30.")]
    [InlineData("eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA")]
    public async Task What_is_no_object_of_the_clients_is_shown_to_the_person_and_redirects_nobody(string text)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var stranger = new ClientKeyPair();
        var forged = stranger.Sign(Header(), Claims(service));

        foreach (var request in new[] { text, forged })
        {
            using var response = await browser.GetAsync(Url(request));
            await ShownAsync(response, 400, "invalid_request_object");
        }
    }

    [Fact]
    public async Task A_client_without_keys_has_no_request_objects()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var claims = Claims(service);
        (claims["iss"], claims["client_id"]) = ("demo-spa", "demo-spa");

        using var response = await browser.AuthorizeAsync(("request", key.Sign(Header(), claims)));

        await ShownAsync(response, 400, "invalid_request_object");
    }

    [Fact]
    public async Task A_fault_inside_a_genuine_object_reaches_the_client()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();

        using var faulty = await browser.GetAsync(Url(Signed(service, (_, claims) => claims["response_type"] = "token")));
        using var untrusted = await browser.GetAsync(Url(Signed(service, (_, claims) => claims["redirect_uri"] = "https://evil.test/")));

        Errs(faulty, "unsupported_response_type");
        await ShownAsync(untrusted, 400, "invalid_request");
    }

    [Fact]
    public async Task An_object_may_be_pushed()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();

        using var pushed = await browser.FormAsync(Contoso + "/par", OAuthCalls.Web, ("client_id", Web), ("request", Signed(service)));
        using var refused = await browser.FormAsync(Contoso + "/par", OAuthCalls.Web, ("client_id", Web), ("request", Signed(service, (_, claims) => claims["aud"] = "x")));
        using var response = await browser.GetAsync(PushedRequestTests.PushedUrl((await pushed.TextAsync("request_uri"))!, Web));

        await refused.RefusedAsync(400, "invalid_request_object");
        Assert.NotEmpty(Answered(response)["code"]);
    }

    [Fact]
    public async Task A_client_of_which_it_is_required_is_refused_without_at_both_endpoints()
    {
        await using var service = await StartAsync(("Clients:1:RequireSignedRequestObject", "true"));
        using var browser = await service.SignedInAsync();

        using var plain = await browser.AuthorizeAsync(("client_id", Web));
        using var pushed = await browser.FormAsync(Contoso + "/par", OAuthCalls.Web, Request(("client_id", Web)));
        using var signed = await browser.GetAsync(Url(Signed(service)));

        Errs(plain, "invalid_request");
        await pushed.RefusedAsync(400, "invalid_request");
        Assert.NotEmpty(Answered(signed)["code"]);
    }

    [Fact]
    public async Task A_client_that_must_push_may_not_send_an_object_by_way_of_the_browser()
    {
        await using var service = await StartAsync(("Clients:1:RequirePushedAuthorizationRequests", "true"));
        using var browser = await service.SignedInAsync();

        using var direct = await browser.GetAsync(Url(Signed(service)));
        using var pushed = await browser.FormAsync(Contoso + "/par", OAuthCalls.Web, ("client_id", Web), ("request", Signed(service)));

        Errs(direct, "invalid_request");
        Assert.Equal(201, (int)pushed.StatusCode);
    }

    /// <summary>It shows in URLs and histories (RFC 9101 §10.8).</summary>
    [Fact]
    public async Task An_object_that_was_found_in_a_URL_does_not_authenticate_the_client()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        var claims = Claims(service);
        (claims["sub"], claims["jti"]) = (Web, "once");

        using var asAssertion = await AssertAsync(key.Sign(new JsonObject { ["alg"] = "ES256" }, claims));
        using var asObject = await AssertAsync(key.Sign(Header(), claims));

        await asAssertion.RefusedAsync(400, "invalid_request");
        await asObject.RefusedAsync(401, "invalid_client");
        service.AssertReason("assertion: a request object");

        Task<HttpResponseMessage> AssertAsync(string assertion) => browser.FormAsync(
            Contoso + "/token", null, ("client_assertion", assertion),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    }

    public void Dispose() => key.Dispose();

    private static JsonObject Header() => new() { ["typ"] = "oauth-authz-req+jwt", ["alg"] = "ES256" };

    private static JsonObject Claims(TestService service)
    {
        var claims = new JsonObject { ["iss"] = Web, ["aud"] = Contoso, ["exp"] = service.Clock.GetUtcNow().ToUnixTimeSeconds() + 60 };
        foreach (var (name, value) in Request(("client_id", Web)))
        {
            claims[name] = value;
        }

        return claims;
    }

    private static void Set(JsonObject part, string name, string? json)
    {
        part.Remove(name);
        if (json is not null)
        {
            part[name] = JsonNode.Parse(json);
        }
    }

    private static string Url(string request, params (string Name, string Value)[] more) =>
        $"{Contoso}/authorize?client_id={Web}&request={request}{string.Concat(more.Select(m => $"&{m.Name}={Uri.EscapeDataString(m.Value)}"))}";

    private string Signed(TestService service, Action<JsonObject, JsonObject>? spoil = null)
    {
        var (header, claims) = (Header(), Claims(service));
        spoil?.Invoke(header, claims);
        return key.Sign(header, claims);
    }

    private async Task RefusedAsync(Action<JsonObject, JsonObject> spoil)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var valid = await browser.GetAsync(Url(Signed(service)));
        Assert.NotEmpty(Answered(valid)["code"]);

        using var response = await browser.GetAsync(Url(Signed(service, spoil)));

        await ShownAsync(response, 400, "invalid_request_object");
        service.AssertReason("request object: ");
    }

    private Task<TestService> StartAsync(params (string Name, string Value)[] more) =>
        TestService.StartAsync(more.Append(("Clients:1:Jwks", key.Jwks)).ToDictionary(s => s.Item1, s => (string?)s.Item2));
}
