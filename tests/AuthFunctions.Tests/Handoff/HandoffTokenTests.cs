using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>Forged, twisted and mistaken tokens, each in the right browser with the right cookie.</summary>
public class HandoffTokenTests(HandoffService shared) : IClassFixture<HandoffService>
{
    private static readonly ECDsa Stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static readonly Dictionary<string, (Func<FaultingKeySource, JsonObject, JsonObject, string> Forge, string Reason)> Forgeries = new()
    {
        ["audience of the source"] = (With("aud", Contoso + "/handoff/accept"), "wrong audience"),
        ["audience that is the issuer"] = (With("aud", Fabrikam), "wrong audience"),
        ["audience with a slash more"] = (With("aud", Fabrikam + "/handoff/accept/"), "wrong audience"),
        ["audience in upper case"] = (With("aud", Fabrikam + "/HANDOFF/ACCEPT"), "wrong audience"),
        ["two audiences"] = (With("aud", new JsonArray(Fabrikam + "/handoff/accept", Contoso + "/handoff/accept")), "wrong audience"),
        ["no audience"] = (With("aud", null), "wrong audience"),
        ["type of access tokens"] = (Typed("at+jwt"), "SecurityTokenInvalidTypeException"),
        ["type of ID tokens"] = (Typed("JWT"), "SecurityTokenInvalidTypeException"),
        ["no type"] = (Typed(null), "SecurityTokenInvalidTypeException"),
        ["unknown issuer"] = (With("iss", "https://auth.evil.test"), "unknown issuer"),
        ["issuer with a slash more"] = (With("iss", Contoso + "/"), "unknown issuer"),
        ["no issuer"] = (With("iss", null), "unknown issuer"),
        ["unknown key"] = ((_, header, claims) => Forgery.Sign(Stranger, Set(header, "kid", "stranger"), claims), "SecurityTokenSignatureKeyNotFoundException"),
        ["another key under the known name"] = ((_, header, claims) => Forgery.Sign(Stranger, header, claims), "SecurityTokenInvalidSignatureException"),
        ["no key id"] = ((_, header, claims) => Forgery.Sign(Stranger, Set(header, "kid", null), claims), "SecurityTokenSignatureKeyNotFoundException"),
        ["key brought along"] = (BringingItsKey, "SecurityTokenInvalidSignatureException"),
        ["alg none"] = ((_, header, claims) => Forgery.Seal(Set(header, "alg", "none"), claims, _ => []), "SecurityTokenInvalidSignatureException"),
        ["no signature"] = ((_, header, claims) => Forgery.Seal(header, claims, _ => []), "SecurityTokenInvalidSignatureException"),
        ["HS256 with the public key as PEM"] = ((keys, header, claims) => Hmac(Encoding.ASCII.GetBytes(keys.Private.ExportSubjectPublicKeyInfoPem()), header, claims), "SecurityTokenInvalid"),
        ["HS256 with the public key as DER"] = ((keys, header, claims) => Hmac(keys.Private.ExportSubjectPublicKeyInfo(), header, claims), "SecurityTokenInvalid"),
        ["tampered claims"] = (Tampered, "SecurityTokenInvalidSignatureException"),
        ["no subject"] = (With("sub", null), "a claim is missing"),
        ["subject that is no id"] = (With("sub", "../user"), "a claim is missing"),
        ["no session"] = (With("sid", null), "a claim is missing"),
        ["session that is no id"] = (With("sid", "a.b.c"), "a claim is missing"),
        ["no identifier"] = (With("jti", null), "a claim is missing"),
        ["no expiry"] = (With("exp", null), "a claim is missing"),
    };

    private readonly TestService service = shared.Service;

    public static TheoryData<string> Names => [.. Forgeries.Keys];

    [Fact]
    public async Task A_token_put_together_without_a_fault_arrives()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var (header, claims) = Forgery.Read(HandoffCeremony.TokenOf(await handoff.MintAsync()));

        await handoff.ArriveAsync(handoff.AcceptUrl(Forgery.Sign(service.Keys, header, claims)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_forged_token_is_refused(string name)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var (forge, reason) = Forgeries[name];
        var (header, claims) = Forgery.Read(HandoffCeremony.TokenOf(await handoff.MintAsync()));

        await handoff.RefusedToAppAsync(handoff.AcceptUrl(forge(service.Keys, header, claims)), "invalid_token", "handoff token: " + reason);

        Assert.Single(await handoff.RowsAsync());
    }

    [Fact]
    public async Task A_token_serves_for_ten_seconds_and_not_a_moment_longer()
    {
        using var early = await HandoffCeremony.SignedInAsync(service);
        using var late = await HandoffCeremony.SignedInAsync(service);
        var (inTime, tooLate) = (await early.MintAsync(), await late.MintAsync());

        service.Clock.Advance(TimeSpan.FromMilliseconds(9999));
        await early.ArriveAsync(inTime);
        service.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await late.RefusedToAppAsync(tooLate, "token_expired", "handoff token: expired");
        Assert.Single(await late.RowsAsync());
    }

    [Fact]
    public async Task A_token_expired_by_one_second_is_refused()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var three = await handoff.MintAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(11));

        await handoff.RefusedToAppAsync(three, "token_expired", "handoff token: expired");
    }

    [Fact]
    public async Task A_token_of_the_target_itself_is_refused_although_its_signature_is_good()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var (header, claims) = Forgery.Read(HandoffCeremony.TokenOf(await handoff.MintAsync()));

        await handoff.RefusedToAppAsync(
            handoff.AcceptUrl(Forgery.Sign(service.Keys, header, Set(claims, "iss", Fabrikam))),
            "issuer_not_accepted",
            "handoff token: issued by another site than the one asked, or one not accepted from");
    }

    [Fact]
    public async Task An_access_token_is_no_handoff_token()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        await handoff.StartAsync();

        await handoff.RefusedOnPageAsync(handoff.AcceptUrl(handoff.AccessToken(Contoso)!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d.e")]
    [InlineData("e30.e30.")]
    [InlineData("e30.W10.AA")]
    [InlineData("bnVsbA.bnVsbA.AA")]
    [InlineData("eyJ.eyJ.x")]
    [InlineData("💥.💥.💥")]
    public async Task What_is_no_token_gets_an_error_page(string text)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        await handoff.StartAsync();

        using var response = await handoff.Browser.GetAsync(handoff.AcceptUrl(text));

        await HandoffCeremony.AssertErrorPageAsync(response, 400, text.Length == 0 ? "invalid_request" : "wrong_browser");
        Assert.Single(handoff.HandoffCookies());
    }

    [Theory]
    [InlineData("nonce", "5", 400)]
    [InlineData("nonce", "null", 400)]
    [InlineData("nonce", "true", 400)]
    [InlineData("nonce", "[]", 400)]
    [InlineData("nonce", "{}", 400)]
    [InlineData("nonce", "\"short\"", 400)]
    [InlineData("iss", "5", 400)]
    [InlineData("iss", "[]", 400)]
    [InlineData("aud", "5", 400)]
    [InlineData("aud", "{}", 400)]
    [InlineData("exp", "\"soon\"", 400)]
    [InlineData("exp", "99999999999999", 303)]
    [InlineData("exp", "-1", 303)]
    [InlineData("sub", "[1]", 400)]
    public async Task An_unsigned_token_with_a_claim_of_another_kind_is_refused_without_a_fault(string claim, string json, int status)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var (header, claims) = Forgery.Read(HandoffCeremony.TokenOf(await handoff.MintAsync()));
        claims[claim] = JsonNode.Parse(json);

        using var response = await handoff.Browser.GetAsync(handoff.AcceptUrl(Forgery.Seal(header, claims, _ => new byte[64])));

        // What cannot be read names no nonce, so there is no cookie for it; what can be is told to the app.
        Assert.Equal(status, (int)response.StatusCode);
        HandoffCeremony.AssertNoSession(response);
        Assert.Null(handoff.Browser.Cookie(Fabrikam, "__Host-sid"));
    }

    private static Func<FaultingKeySource, JsonObject, JsonObject, string> With(string claim, JsonNode? value) =>
        (keys, header, claims) => Forgery.Sign(keys, header, Set(claims, claim, value?.DeepClone()));

    private static Func<FaultingKeySource, JsonObject, JsonObject, string> Typed(string? type) =>
        (keys, header, claims) => Forgery.Sign(keys, Set(header, "typ", type), claims);

    private static string BringingItsKey(FaultingKeySource keys, JsonObject header, JsonObject claims)
    {
        var point = Stranger.ExportParameters(includePrivateParameters: false).Q;
        header["jwk"] = new JsonObject
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y),
        };
        return Forgery.Sign(Stranger, header, claims);
    }

    private static string Tampered(FaultingKeySource keys, JsonObject header, JsonObject claims)
    {
        var genuine = Forgery.Sign(keys, header, claims).Split('.');
        claims["auth_time"] = 4_000_000_000;
        return $"{genuine[0]}.{Forgery.Seal(header, claims, _ => []).Split('.')[1]}.{genuine[2]}";
    }

    private static string Hmac(byte[] key, JsonObject header, JsonObject claims) =>
        Forgery.Seal(Set(header, "alg", "HS256"), claims, input => HMACSHA256.HashData(key, input));

    /// <summary>Sets a member; null takes it away.</summary>
    private static JsonObject Set(JsonObject json, string name, JsonNode? value)
    {
        json.Remove(name);
        if (value is not null)
        {
            json[name] = value;
        }

        return json;
    }
}
