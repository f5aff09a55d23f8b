using System.Text.Json.Nodes;
using AuthFunctions.Protocol;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Tokens;

/// <summary>DPoP proofs at the token endpoint (RFC 9449 §4.3): a valid one, and each of its parts spoilt.</summary>
public class DpopProofTests
{
    private static readonly (string Name, string Value)[] Asked = [("grant_type", "client_credentials")];

    public static TheoryData<string, string?, string> Claims => new()
    {
        { "jti", null, "jti, htm, htu or iat" },
        { "jti", "\"\"", "jti, htm, htu or iat" },
        { "jti", "7", "jti, htm, htu or iat" },
        { "htm", null, "jti, htm, htu or iat" },
        { "htm", "\"GET\"", "htm is another method" },
        { "htm", "\"post\"", "htm is another method" },
        { "htu", null, "jti, htm, htu or iat" },
        { "htu", "\"/token\"", "htu is another URI" },
        { "htu", "\"http://auth.fabrikam.localhost:7071/token\"", "htu is another URI" },
        { "htu", "\"http://auth.contoso.localhost/token\"", "htu is another URI" },
        { "htu", "\"https://auth.contoso.localhost:7071/token\"", "htu is another URI" },
        { "htu", "\"http://auth.contoso.localhost:7071/userinfo\"", "htu is another URI" },
        { "htu", "\"http://auth.contoso.localhost:7071/token/\"", "htu is another URI" },
        { "htu", "\"http://x@auth.contoso.localhost:7071/token\"", "htu is another URI" },
        { "iat", null, "jti, htm, htu or iat" },
        { "iat", "\"now\"", "jti, htm, htu or iat" },
        { "iat", "1", "iat is too far from now" },
        { "iat", "1e300", "jti, htm, htu or iat" },
        { "iat", "253402300799", "iat is too far from now" },
    };

    [Theory]
    [InlineData("http://auth.contoso.localhost:7071/token")]
    [InlineData("HTTP://AUTH.contoso.localhost:7071/token")]
    [InlineData("http://auth.contoso.localhost:7071/token?a=b#c")]
    public async Task A_proof_binds_the_access_token_to_its_key(string htu)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);
        await key.LearnNonceAsync(browser);

        using var response = await key.FormAsync(
            browser, "/token", OAuthCalls.Machine, key.Proof("POST", Contoso + "/token", spoil: (_, claims) => claims["htu"] = htu), Asked);

        Assert.Equal(200, (int)response.StatusCode);
        var tokens = await response.JsonAsync();
        Assert.Equal("DPoP", tokens.Text("token_type"));
        Assert.Equal(
            $$"""{"jkt":"{{key.Thumbprint}}"}""", OAuthCalls.Decode(tokens.Text("access_token")!).Claims.GetProperty("cnf").GetRawText());
    }

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task Each_claim_is_checked(string claim, string? json, string reason)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);

        await RefusedAsync(service, browser, key, (_, claims) =>
        {
            claims.Remove(claim);
            if (json is not null)
            {
                claims[claim] = JsonNode.Parse(json);
            }
        }, reason);
    }

    [Theory]
    [InlineData("typ", "\"JWT\"")]
    [InlineData("typ", null)]
    [InlineData("alg", "\"none\"")]
    [InlineData("alg", "\"HS256\"")]
    [InlineData("alg", "\"RS256\"")]
    [InlineData("alg", null)]
    [InlineData("crit", "[\"x\"]")]
    [InlineData("jwk", null)]
    [InlineData("jwk", "{}")]
    [InlineData("jwk", "\"x\"")]
    [InlineData("jwk", """{"kty":"oct","k":"AAAA"}""")]
    [InlineData("jwk", """{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}""")]
    [InlineData("jwk", """{"kty":"EC","crv":"P-384","x":"AAAA","y":"AAAA"}""")]
    public async Task Each_part_of_the_header_is_checked(string member, string? json)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);

        await RefusedAsync(service, browser, key, (header, _) =>
        {
            header.Remove(member);
            if (json is not null)
            {
                header[member] = JsonNode.Parse(json);
            }
        }, "DPoP proof: ");
    }

    [Fact]
    public async Task A_proof_that_shows_a_private_key_is_refused()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);

        await RefusedAsync(service, browser, key, (header, _) => header["jwk"]!["d"] = "AAAA", "no public key");
    }

    [Fact]
    public async Task A_proof_that_another_key_signed_is_refused()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);
        using var stranger = new DpopKey(service);
        JsonNode? publicKey = null;
        stranger.Proof("POST", Contoso + "/token", spoil: (header, _) => publicKey = header["jwk"]!.DeepClone());

        await RefusedAsync(service, browser, key, (header, _) => header["jwk"] = publicKey!.DeepClone(), "wrong signature");
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.")]
    [InlineData("e30.e30.AAAA")]
    [InlineData("bnVsbA.bnVsbA.AAAA")]
    public async Task What_is_no_proof_is_refused(string text)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);

        using var response = await key.FormAsync(browser, "/token", OAuthCalls.Machine, text, Asked);

        await response.RefusedAsync(400, "invalid_dpop_proof");
    }

    [Theory]
    [InlineData(-60, true)]
    [InlineData(-61, false)]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public async Task It_counts_for_a_minute_either_way(int seconds, bool accepted)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);
        await key.LearnNonceAsync(browser);

        using var response = await key.FormAsync(browser, "/token", OAuthCalls.Machine, key.Proof(
            "POST", Contoso + "/token", spoil: (_, claims) => claims["iat"] = service.Clock.GetUtcNow().ToUnixTimeSeconds() + seconds), Asked);

        Assert.Equal(accepted ? 200 : 400, (int)response.StatusCode);
    }

    [Fact]
    public async Task It_counts_once_also_at_another_instance()
    {
        await using var service = await StartAsync();
        await using var second = await service.StartSecondAsync();
        using var browser = service.NewBrowser();
        using var other = second.NewBrowser();
        using var key = new DpopKey(service);
        await key.LearnNonceAsync(browser);
        var proof = key.Proof("POST", Contoso + "/token");
        using var first = await key.FormAsync(browser, "/token", OAuthCalls.Machine, proof, Asked);
        Assert.Equal(200, (int)first.StatusCode);

        using var again = await key.FormAsync(browser, "/token", OAuthCalls.Machine, proof, Asked);
        using var elsewhere = await key.FormAsync(other, "/token", OAuthCalls.Machine, proof, Asked);

        await again.RefusedAsync(400, "invalid_dpop_proof");
        await elsewhere.RefusedAsync(400, "invalid_dpop_proof");
        second.AssertReason("DPoP proof: used before");
    }

    [Fact]
    public async Task Two_proofs_in_one_request_are_refused()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);
        await key.LearnNonceAsync(browser);
        var request = new HttpRequestMessage(HttpMethod.Post, Contoso + "/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "demo-machine"), new("client_secret", "demo-machine-secret")]),
        };
        request.Headers.Add("DPoP", [key.Proof("POST", Contoso + "/token"), key.Proof("POST", Contoso + "/token")]);

        using var response = await browser.SendAsync(request);

        await response.RefusedAsync(400, "invalid_dpop_proof");
    }

    /// <summary>The example of RFC 9449 §4.1: its proof, read as it stands there.</summary>
    [Fact]
    public void The_example_of_RFC_9449_is_read()
    {
        const string Example = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCR"
            + "nMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsIm"
            + "h0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJ"
            + "K70nfbV37xRZT3Lg";

        var (proof, fault) = DpopProof.Read(Example);

        Assert.Null(fault);
        Assert.Equal("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", proof!.KeyThumbprint);
        Assert.Equal("-BwC3ESc6acc2lTc", proof.TokenId);
        Assert.Null(proof.FaultFor(
            "POST", new Uri("https://server.example.com/token"), null, DateTimeOffset.FromUnixTimeSeconds(1562262616), TimeSpan.FromSeconds(1)));
    }

    private static async Task RefusedAsync(TestService service, Browser browser, DpopKey key, Action<JsonObject, JsonObject> spoil, string reason)
    {
        using var valid = await key.FormAsync(browser, "/token", OAuthCalls.Machine, Asked);
        Assert.Equal(200, (int)valid.StatusCode);

        using var response = await key.FormAsync(browser, "/token", OAuthCalls.Machine, key.Proof("POST", Contoso + "/token", spoil: spoil), Asked);

        await response.RefusedAsync(400, "invalid_dpop_proof");
        service.AssertReason(reason);
    }
}
