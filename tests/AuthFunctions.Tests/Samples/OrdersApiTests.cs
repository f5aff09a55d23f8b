using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AuthFunctions.Tests.Device;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Samples;

/// <summary>The samples let in whom they should, and nobody else: each refusal spoils one thing of a token that has just been let in.</summary>
[Collection(OrdersApis.Name)]
public class OrdersApiTests(OrdersApis apis)
{
    private const string MetadataUrl = "https://orders.example/.well-known/oauth-protected-resource";

    public static TheoryData<string, string> Spoilt()
    {
        var data = new TheoryData<string, string>();
        foreach (var fault in Faults.Keys)
        {
            data.Add(OrdersApi.Dotnet, fault);
            data.Add(OrdersApi.Node, fault);
        }

        return data;
    }

    /// <summary>Each makes a bad token of a good one. But for the last ones the service's own key signs, so that nothing else is wrong.</summary>
    private static readonly Dictionary<string, Func<OrdersApis, string, string>> Faults = new()
    {
        ["for another API"] = Claims(claims => claims["aud"] = ExchangeCeremony.Stock),
        ["for nobody"] = Claims(claims => claims.Remove("aud")),
        ["expired"] = Claims(claims => claims["exp"] = DateTimeOffset.UtcNow.AddMinutes(-2).ToUnixTimeSeconds()),
        ["without end"] = Claims(claims => claims.Remove("exp")),
        ["of another issuer"] = Claims(claims => claims["iss"] = "http://auth.evil.localhost:7071"),
        ["of an issuer spelt otherwise"] = Claims(claims => claims["iss"] = Contoso + "/"),
        ["bound to a key, without a proof"] = Claims(claims => claims["cnf"] = new JsonObject { ["jkt"] = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" }),
        ["of another type"] = (all, token) => all.Resign(token, (header, _) => header["typ"] = "JWT"),
        ["of no type"] = (all, token) => all.Resign(token, (header, _) => header.Remove("typ")),
        ["changed after it was signed"] = (all, token) =>
            string.Join('.', token.Split('.')[0], all.Resign(token, (_, claims) => claims["scope"] = "orders.write orders.read").Split('.')[1], token.Split('.')[2]),
        ["alg none"] = (all, token) => all.Resign(token, (header, _) => header["alg"] = "none", _ => []),
        ["alg HS256 by the public key"] = (all, token) => all.Resign(
            token, (header, _) => header["alg"] = "HS256", bytes => HMACSHA256.HashData(all.Service.Keys.Private.ExportSubjectPublicKeyInfo(), bytes)),
        ["by another key under the same name"] = (all, token) => all.Resign(token, (_, _) => { }, Stranger),
        ["by a key that nobody knows"] = (all, token) => all.Resign(token, (header, _) => header["kid"] = "nobody", Stranger),
        ["no JWT"] = (_, _) => "rt_abc",
        ["nothing like a token"] = (_, _) => "a b",
    };

    [Theory]
    [InlineData(OrdersApi.Dotnet)]
    [InlineData(OrdersApi.Node)]
    public async Task A_machine_writes_and_reads_its_orders_and_sees_no_one_elses(string kind)
    {
        var token = await apis.MachineTokenAsync();
        using var written = await apis[kind].PostAsync(token, new { item = "coffee", quantity = 2 });
        Assert.Equal(201, (int)written.StatusCode);
        using var read = await apis[kind].GetAsync(token);
        Assert.Equal("coffee", Assert.Single((await read.JsonAsync()).EnumerateArray()).Text("item"));

        using var person = await apis.Service.SignedInAsync();
        using var others = await apis[kind].GetAsync(await person.SubjectTokenAsync());
        Assert.Equal("[]", await others.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(OrdersApi.Dotnet)]
    [InlineData(OrdersApi.Node)]
    public async Task Tokens_of_the_code_flow_of_devices_and_of_the_other_site_are_let_in(string kind)
    {
        await apis.MachineTokenAsync();
        using var person = await apis.Service.SignedInAsync();
        using var device = apis.Service.NewBrowser();
        using var asked = await device.AskToBeLetInAsync(("scope", "orders.read"), ("resource", ExchangeCeremony.Orders));
        var waiting = await asked.JsonAsync();
        await person.AllowAsync(waiting.Text("user_code")!);
        using var polled = await device.PollAsync(waiting.Text("device_code")!);
        using var fabrikam = await device.FormAsync(
            Fabrikam + "/token", OAuthCalls.Machine, ("grant_type", "client_credentials"), ("resource", ExchangeCeremony.Orders));

        foreach (var token in new[]
        {
            await person.SubjectTokenAsync(), (await polled.JsonAsync()).Text("access_token")!, (await fabrikam.JsonAsync()).Text("access_token")!,
        })
        {
            using var response = await apis[kind].GetAsync(token);
            Assert.Equal(200, (int)response.StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task A_token_is_refused_that_is(string kind, string fault)
    {
        var token = await apis.MachineTokenAsync();
        using var valid = await apis[kind].GetAsync(apis.Resign(token, (_, _) => { }));
        Assert.Equal(200, (int)valid.StatusCode);

        using var refused = await apis[kind].GetAsync(Faults[fault](apis, token));

        Assert.Equal(401, (int)refused.StatusCode);
        var challenge = BearerChallenge(refused);
        Assert.Contains($"resource_metadata=\"{MetadataUrl}\"", challenge, StringComparison.Ordinal);
        if (fault != "nothing like a token")
        {
            Assert.Contains("error=\"invalid_token\"", challenge, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(OrdersApi.Dotnet)]
    [InlineData(OrdersApi.Node)]
    public async Task An_id_token_and_a_token_for_the_service_itself_open_nothing(string kind)
    {
        await apis.MachineTokenAsync();
        using var person = await apis.Service.SignedInAsync();
        var tokens = await Authorize.Ceremony.TokensAsync(person);
        foreach (var token in new[] { tokens.Text("id_token"), tokens.Text("access_token")!, tokens.Text("refresh_token") })
        {
            using var refused = await apis[kind].GetAsync(token);
            Assert.Equal(401, (int)refused.StatusCode);
        }
    }

    [Theory]
    [InlineData(OrdersApi.Dotnet)]
    [InlineData(OrdersApi.Node)]
    public async Task Without_a_token_no_error_is_told_and_with_too_little_scope_the_one_that_is_missing(string kind)
    {
        using var anonymous = await apis[kind].GetAsync(null);
        Assert.Equal(401, (int)anonymous.StatusCode);
        Assert.Equal($"Bearer resource_metadata=\"{MetadataUrl}\"", BearerChallenge(anonymous));

        var reader = await apis.MachineTokenAsync("orders.read");
        using var read = await apis[kind].GetAsync(reader);
        Assert.Equal(200, (int)read.StatusCode);
        using var refused = await apis[kind].PostAsync(reader, new { item = "tea", quantity = 1 });
        Assert.Equal(403, (int)refused.StatusCode);
        Assert.All(
            ["error=\"insufficient_scope\"", "scope=\"orders.write\"", $"resource_metadata=\"{MetadataUrl}\""],
            part => Assert.Contains(part, BearerChallenge(refused), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(OrdersApi.Dotnet)]
    [InlineData(OrdersApi.Node)]
    public async Task An_api_of_one_site_takes_no_token_of_the_other(string kind)
    {
        await using var api = await OrdersApi.StartAsync(kind, apis.Service, Contoso);
        using var own = await api.GetAsync(await apis.MachineTokenAsync());
        Assert.Equal(200, (int)own.StatusCode);

        using var browser = apis.Service.NewBrowser();
        using var fabrikam = await browser.FormAsync(
            Fabrikam + "/token", OAuthCalls.Machine, ("grant_type", "client_credentials"), ("resource", ExchangeCeremony.Orders));
        using var refused = await api.GetAsync((await fabrikam.JsonAsync()).Text("access_token")!);
        Assert.Equal(401, (int)refused.StatusCode);
    }

    [Theory]
    [InlineData(OrdersApi.Dotnet, "")]
    [InlineData(OrdersApi.Node, """
        "dpop_signing_alg_values_supported":["ES256"],"dpop_bound_access_tokens_required":false,
        """)]
    public async Task The_metadata_says_whose_tokens_it_takes(string kind, string dpop)
    {
        using var response = await apis[kind].MetadataAsync();

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(TimeSpan.FromHours(1), response.Headers.CacheControl?.MaxAge);
        Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal(
            $$"""
            {"resource":"https://orders.example","authorization_servers":["{{Contoso}}","{{Fabrikam}}"],
            "scopes_supported":["orders.read","orders.write"],"bearer_methods_supported":["header"],{{dpop}}
            "resource_documentation":"https://orders.example/docs"}
            """.Replace("\n", "", StringComparison.Ordinal),
            await response.Content.ReadAsStringAsync());
    }

    private static string BearerChallenge(HttpResponseMessage response) =>
        Assert.Single(response.Headers.GetValues("WWW-Authenticate"), c => c.StartsWith("Bearer", StringComparison.Ordinal));

    private static Func<OrdersApis, string, string> Claims(Action<JsonObject> spoil) => (all, token) => all.Resign(token, (_, claims) => spoil(claims));

    private static byte[] Stranger(byte[] bytes)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.SignData(bytes, HashAlgorithmName.SHA256);
    }
}
