using System.Text.Json.Nodes;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;

namespace AuthFunctions.Tests.Samples;

/// <summary>The Node sample takes a bound token with a proof of its key, made for this request and this token, once (RFC 9449 §4.3, §7).</summary>
[Collection(OrdersApis.Name)]
public sealed class SampleDpopTests(OrdersApis apis) : IDisposable
{
    private static readonly Dictionary<string, Action<JsonObject, JsonObject>> Faults = new()
    {
        ["htm"] = (_, claims) => claims["htm"] = "POST",
        ["htu"] = (_, claims) => claims["htu"] = OriginOf(claims) + "/invoices",
        ["host"] = (_, claims) => claims["htu"] = "https://evil.test/orders",
        ["no htu"] = (_, claims) => claims.Remove("htu"),
        ["no ath"] = (_, claims) => claims.Remove("ath"),
        ["ath"] = (_, claims) => claims["ath"] = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo",
        ["no jti"] = (_, claims) => claims.Remove("jti"),
        ["no iat"] = (_, claims) => claims.Remove("iat"),
        ["old"] = (_, claims) => claims["iat"] = DateTimeOffset.UtcNow.AddSeconds(-90).ToUnixTimeSeconds(),
        ["not yet"] = (_, claims) => claims["iat"] = DateTimeOffset.UtcNow.AddSeconds(90).ToUnixTimeSeconds(),
        ["typ"] = (header, _) => header["typ"] = "JWT",
        ["alg"] = (header, _) => header["alg"] = "ES384",
        ["no key"] = (header, _) => header.Remove("jwk"),
        ["private key"] = (header, _) => header["jwk"]!["d"] = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    };

    private readonly DpopKey key = new(apis.Service);

    public static TheoryData<string> Spoilt() => [.. Faults.Keys];

    public void Dispose() => key.Dispose();

    [Fact]
    public async Task A_proof_is_good_once()
    {
        var token = await BoundTokenAsync();
        var proof = Proof(token);
        using var first = await CallAsync(token, proof);
        Assert.Equal(200, (int)first.StatusCode);

        using var replayed = await CallAsync(token, proof);
        Refused(replayed, "invalid_dpop_proof");

        using var next = await CallAsync(token, Proof(token));
        Assert.Equal(200, (int)next.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task A_proof_is_refused_that_has_the_wrong(string fault)
    {
        var token = await BoundTokenAsync();
        using var valid = await CallAsync(token, Proof(token));
        Assert.Equal(200, (int)valid.StatusCode);

        using var refused = await CallAsync(token, Proof(token, Faults[fault]));

        Refused(refused, "invalid_dpop_proof");
    }

    [Fact]
    public async Task Another_key_proves_nothing()
    {
        var token = await BoundTokenAsync();
        using var thief = new DpopKey(apis.Service);

        using var refused = await CallAsync(token, thief.Proof("GET", Url, token));

        Refused(refused, "invalid_token");
    }

    [Fact]
    public async Task None_and_two_proofs_are_refused()
    {
        var token = await BoundTokenAsync();
        using var none = await CallAsync(token);
        Refused(none, "invalid_dpop_proof");
        using var two = await CallAsync(token, Proof(token), Proof(token));
        Refused(two, "invalid_dpop_proof");
    }

    [Fact]
    public async Task A_bound_token_is_no_bearer_token_and_the_other_way_round()
    {
        var bound = await BoundTokenAsync();
        using var asBearer = await apis.Node.SendAsync(HttpMethod.Get, "Bearer " + bound, null, Proof(bound));
        Assert.Equal(401, (int)asBearer.StatusCode);
        var challenges = asBearer.Headers.GetValues("WWW-Authenticate").ToList();
        Assert.StartsWith("Bearer error=\"invalid_token\"", challenges[0], StringComparison.Ordinal);
        Assert.StartsWith("DPoP algs=\"ES256\"", challenges[1], StringComparison.Ordinal);

        var bearer = await apis.MachineTokenAsync();
        using var asBound = await CallAsync(bearer, Proof(bearer));
        Refused(asBound, "invalid_token");
    }

    [Fact]
    public async Task Neither_query_nor_case_of_the_host_count()
    {
        var token = await BoundTokenAsync();
        using var response = await CallAsync(token, Proof(token, (_, claims) => claims["htu"] = Url.Replace("http", "HTTP", StringComparison.Ordinal) + "?page=2#x"));
        Assert.Equal(200, (int)response.StatusCode);
    }

    private string Url => apis.Node.Url + "/orders";

    private static string OriginOf(JsonObject claims) => new Uri(claims["htu"]!.GetValue<string>()).GetLeftPart(UriPartial.Authority);

    private static void Refused(HttpResponseMessage response, string error)
    {
        Assert.Equal(401, (int)response.StatusCode);
        var challenge = Assert.Single(response.Headers.GetValues("WWW-Authenticate"), c => c.StartsWith("DPoP", StringComparison.Ordinal));
        Assert.StartsWith($"DPoP algs=\"ES256\", error=\"{error}\"", challenge, StringComparison.Ordinal);
    }

    private async Task<string> BoundTokenAsync()
    {
        // Sets the service's clock right, too.
        await apis.MachineTokenAsync();
        using var browser = apis.Service.NewBrowser();
        using var response = await key.FormAsync(
            browser, "/token", OAuthCalls.Machine, ("grant_type", "client_credentials"), ("resource", ExchangeCeremony.Orders));
        return (await response.JsonAsync()).Text("access_token")!;
    }

    private string Proof(string token, Action<JsonObject, JsonObject>? spoil = null) => key.Proof("GET", Url, token, spoil);

    private Task<HttpResponseMessage> CallAsync(string token, params string[] proofs) => apis.Node.SendAsync(HttpMethod.Get, "DPoP " + token, null, proofs);
}
