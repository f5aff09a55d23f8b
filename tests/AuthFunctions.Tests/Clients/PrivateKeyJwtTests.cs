using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Clients;

/// <summary><c>private_key_jwt</c> (OpenID Connect Core §9, RFC 7523 §3): a valid assertion, and each of its parts spoilt.</summary>
public sealed class PrivateKeyJwtTests : IDisposable
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private readonly ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA rsa = RSA.Create(2048);

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task A_client_proves_itself_by_its_key(string algorithm)
    {
        await using var service = await StartAsync();

        using var response = await SendAsync(service, Assertion(Claims(service), algorithm));

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("key-client", OAuthCalls.Decode((await response.TextAsync("access_token"))!).Claims.Text("sub"));
    }

    [Theory]
    [InlineData("aud", "\"http://auth.contoso.localhost:7071/token\"")]
    [InlineData("aud", "\"http://auth.contoso.localhost:7071/par\"")]
    [InlineData("nbf", "1894708830")]
    [InlineData("iat", "1")]
    public async Task What_it_may_say_otherwise_is_accepted(string claim, string json)
    {
        await using var service = await StartAsync();
        var claims = Claims(service);
        claims[claim] = JsonSerializer.Deserialize<JsonElement>(json);

        using var response = await SendAsync(service, Assertion(claims));

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("aud", "\"http://auth.fabrikam.localhost:7071\"", "SecurityTokenInvalidAudienceException")]
    [InlineData("aud", "\"http://auth.contoso.localhost:7071/\"", "SecurityTokenInvalidAudienceException")]
    [InlineData("aud", "[\"http://auth.contoso.localhost:7071\",\"https://another.example\"]", "SecurityTokenInvalidAudienceException")]
    [InlineData("aud", null, "SecurityTokenInvalidAudienceException")]
    [InlineData("iss", "\"demo-machine\"", "SecurityTokenInvalidIssuerException")]
    [InlineData("iss", null, "SecurityTokenInvalidIssuerException")]
    [InlineData("sub", "\"demo-machine\"", "assertion of an unknown client")]
    [InlineData("sub", null, "assertion of an unknown client")]
    [InlineData("exp", null, "exp is missing, past or too far ahead")]
    [InlineData("exp", "\"soon\"", "401 invalid_client: ")]
    [InlineData("nbf", "1894708831", "nbf is ahead")]
    [InlineData("jti", null, "no jti")]
    [InlineData("jti", "\"\"", "no jti")]
    public async Task Each_claim_is_checked(string claim, string? json, string reason)
    {
        await using var service = await StartAsync();
        var claims = Claims(service);
        claims.Remove(claim);
        if (json is not null)
        {
            claims[claim] = JsonSerializer.Deserialize<JsonElement>(json);
        }

        using var response = await SendAsync(service, Assertion(claims));

        await response.RefusedAsync(401, "invalid_client");
        service.AssertReason(reason);
    }

    [Theory]
    [InlineData(-29, true)]
    [InlineData(-30, false)]
    [InlineData(630, true)]
    [InlineData(631, false)]
    public async Task It_lives_ten_minutes_at_most_give_or_take_half_a_minute(int expiresInSeconds, bool accepted)
    {
        await using var service = await StartAsync();
        var claims = Claims(service);
        claims["exp"] = service.Clock.GetUtcNow().ToUnixTimeSeconds() + expiresInSeconds;

        using var response = await SendAsync(service, Assertion(claims));

        Assert.Equal(accepted ? 200 : 401, (int)response.StatusCode);
    }

    [Fact]
    public async Task It_counts_once_also_at_another_instance_and_as_long_as_it_could_live()
    {
        await using var service = await StartAsync();
        await using var second = await service.StartSecondAsync(Settings());
        var claims = Claims(service);
        var assertion = Assertion(claims);
        using var first = await SendAsync(service, assertion);
        Assert.Equal(200, (int)first.StatusCode);

        using var again = await SendAsync(service, assertion);
        using var elsewhere = await SendAsync(second, assertion);
        using var sameJti = await SendAsync(service, Assertion(claims, "RS256"));

        await again.RefusedAsync(401, "invalid_client");
        await elsewhere.RefusedAsync(401, "invalid_client");
        await sameJti.RefusedAsync(401, "invalid_client");
        second.AssertReason("assertion: used before");

        claims["jti"] = "another";
        using var fresh = await SendAsync(service, Assertion(claims));
        Assert.Equal(200, (int)fresh.StatusCode);
    }

    [Fact]
    public async Task Another_key_is_refused_though_it_has_the_same_kid()
    {
        await using var service = await StartAsync();
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        using var response = await SendAsync(service, Sign("""{"alg":"ES256","kid":"ec"}""", Claims(service), input => stranger.SignData(input, HashAlgorithmName.SHA256)));

        await response.RefusedAsync(401, "invalid_client");
        service.AssertReason("assertion: SecurityToken");
    }

    [Fact]
    public async Task No_signature_and_algorithms_off_the_list_are_refused()
    {
        await using var service = await StartAsync();
        var spki = ec.ExportSubjectPublicKeyInfo();
        var pem = Encoding.ASCII.GetBytes(ec.ExportSubjectPublicKeyInfoPem());
        string[] forged =
        [
            Sign("""{"alg":"none"}""", Claims(service), _ => []),
            Sign("""{"alg":"HS256"}""", Claims(service), input => HMACSHA256.HashData(spki, input)),
            Sign("""{"alg":"HS256","kid":"ec"}""", Claims(service), input => HMACSHA256.HashData(pem, input)),
            Sign("""{"alg":"RS384","kid":"rsa"}""", Claims(service), input => rsa.SignData(input, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1)),
            Sign("""{"alg":"RS512","kid":"rsa"}""", Claims(service), input => rsa.SignData(input, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1)),
        ];

        foreach (var assertion in forged)
        {
            using var response = await SendAsync(service, assertion);
            await response.RefusedAsync(401, "invalid_client");
        }
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.W10.AAAA")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOjF9.AAAA")]
    [InlineData("eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA")]
    public async Task What_is_no_assertion_is_refused(string assertion)
    {
        await using var service = await StartAsync();

        using var response = await SendAsync(service, assertion);

        await response.RefusedAsync(401, "invalid_client");
    }

    [Fact]
    public async Task Another_client_id_beside_it_another_type_and_another_site_are_refused()
    {
        await using var service = await StartAsync();

        using var named = await SendAsync(service, Assertion(Claims(service)), more: [("client_id", "key-client")]);
        using var misnamed = await SendAsync(service, Assertion(Claims(service)), more: [("client_id", "demo-machine")]);
        using var type = await SendAsync(service, Assertion(Claims(service)), type: "urn:ietf:params:oauth:client-assertion-type:saml2-bearer");
        using var site = await SendAsync(service, Assertion(Claims(service)), at: Fabrikam);

        Assert.Equal(200, (int)named.StatusCode);
        await misnamed.RefusedAsync(401, "invalid_client");
        await type.RefusedAsync(400, "invalid_request");
        await site.RefusedAsync(401, "invalid_client");
    }

    [Fact]
    public async Task A_client_with_a_key_has_no_secret_and_is_not_public()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var bySecret = await browser.FormAsync(Contoso + "/token", ("key-client", ""), ("grant_type", "client_credentials"));
        using var byName = await browser.FormAsync(Contoso + "/token", null, ("grant_type", "client_credentials"), ("client_id", "key-client"));

        await bySecret.RefusedAsync(401, "invalid_client");
        await byName.RefusedAsync(401, "invalid_client");
    }

    public void Dispose()
    {
        ec.Dispose();
        rsa.Dispose();
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private static Dictionary<string, object> Claims(TestService service) => new()
    {
        ["iss"] = "key-client",
        ["sub"] = "key-client",
        ["aud"] = Contoso,
        ["jti"] = Guid.NewGuid().ToString(),
        ["exp"] = service.Clock.GetUtcNow().ToUnixTimeSeconds() + 60,
    };

    private static string Sign(string header, Dictionary<string, object> claims, Func<byte[], byte[]> sign)
    {
        var input = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{input}.{Encode(sign(Encoding.ASCII.GetBytes(input)))}";
    }

    private static async Task<HttpResponseMessage> SendAsync(
        TestService service, string assertion, string type = AssertionType, string at = Contoso, params (string Name, string Value)[] more)
    {
        using var browser = service.NewBrowser();
        return await browser.FormAsync(
            at + "/token", null, [("grant_type", "client_credentials"), ("client_assertion_type", type), ("client_assertion", assertion), .. more]);
    }

    private Task<TestService> StartAsync() => TestService.StartAsync(Settings());

    private Dictionary<string, string?> Settings()
    {
        var (point, key) = (ec.ExportParameters(false).Q, rsa.ExportParameters(false));
        return OAuthCalls.Client(
            "key-client",
            null,
            ("GrantTypes:0", "client_credentials"),
            ("Scopes:0", "orders.read"),
            ("Jwks", $$"""
                {"keys":[
                  {"kty":"EC","crv":"P-256","kid":"ec","x":"{{Encode(point.X!)}}","y":"{{Encode(point.Y!)}}"},
                  {"kty":"RSA","kid":"rsa","n":"{{Encode(key.Modulus!)}}","e":"{{Encode(key.Exponent!)}}"}]}
                """));
    }

    private string Assertion(Dictionary<string, object> claims, string algorithm = "ES256") => algorithm switch
    {
        "ES256" => Sign("""{"alg":"ES256","kid":"ec"}""", claims, input => ec.SignData(input, HashAlgorithmName.SHA256)),
        "RS256" => Sign("""{"alg":"RS256","kid":"rsa"}""", claims, input => rsa.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
        _ => Sign("""{"alg":"PS256","kid":"rsa"}""", claims, input => rsa.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
    };
}
