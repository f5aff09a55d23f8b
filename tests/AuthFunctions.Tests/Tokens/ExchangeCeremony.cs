using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Tokens;

/// <summary>
/// A valid token exchange at contoso, of which a test spoils one thing: the orders API, to which a person's app brought a token, calls the stock
/// API in that person's name; and that one calls the bills API. A value of null leaves a parameter out.
/// </summary>
internal static class ExchangeCeremony
{
    public const string GrantType = "urn:ietf:params:oauth:grant-type:token-exchange";
    public const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";
    public const string Orders = "https://orders.example";
    public const string Stock = "https://stock.example";
    public const string Bills = "https://bills.example";

    public static readonly (string Id, string Secret) OrdersApi = ("orders-api", "orders-api-secret");
    public static readonly (string Id, string Secret) StockApi = ("stock-api", "stock-api-secret");

    public static Dictionary<string, string?> Settings(params (string Name, string? Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Resources:stock:Audience"] = Stock,
            ["Resources:bills:Audience"] = Bills,
            ["Clients:0:Resources:0"] = Orders,
            ["Clients:0:Scopes:4"] = "orders.read",
            ["Clients:0:Scopes:5"] = "orders.write",
            ["Clients:6:ResourceServer"] = Orders,
            ["Clients:6:ExchangeAudiences:0"] = Stock,
            ["Clients:7:ResourceServer"] = Stock,
            ["Clients:7:ExchangeAudiences:0"] = Bills,
        };
        foreach (var (number, (id, secret)) in new[] { (6, OrdersApi), (7, StockApi) })
        {
            settings[$"Clients:{number}:ClientId"] = id;
            settings[$"Clients:{number}:Sites:0"] = "contoso";
            settings[$"Clients:{number}:SecretHashes:0"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
            settings[$"Clients:{number}:GrantTypes:0"] = GrantType;
            settings[$"Clients:{number}:GrantTypes:1"] = "client_credentials";
            settings[$"Clients:{number}:Scopes:0"] = "orders.read";
            settings[$"Clients:{number}:Scopes:1"] = "stock.read";
        }

        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }

    /// <summary>A token for the orders API, as a person's app gets it.</summary>
    public static async Task<string> SubjectTokenAsync(this Browser person, string scope = "openid orders.read orders.write") => Ceremony.Text(
        await person.TokensAsync(("scope", scope), ("resource", Orders)), "access_token");

    public static Task<HttpResponseMessage> ExchangeAsync(
        this Browser api, (string Id, string Secret) client, string subject, string? actor, params (string Name, string? Value)[] spoilt) => api.ClientFormAsync(
        Contoso + "/token",
        client,
        Ceremony.Spoil(
            [
                ("grant_type", GrantType), ("subject_token", subject), ("subject_token_type", AccessTokenType), ("audience", client == OrdersApi ? Stock : Bills),
                .. actor is null ? Array.Empty<(string, string?)>() : [("actor_token", actor), ("actor_token_type", AccessTokenType)],
            ],
            spoilt));

    /// <summary>An exchange that succeeds: the token response.</summary>
    public static async Task<JsonElement> ExchangedAsync(
        this TestService service, (string Id, string Secret) client, string subject, params (string Name, string? Value)[] spoilt)
    {
        using var api = service.NewBrowser();
        using var response = await api.ExchangeAsync(client, subject, await service.ClientTokenAsync(client), spoilt);
        Assert.True((int)response.StatusCode == 200, await response.Content.ReadAsStringAsync());
        return await response.JsonAsync();
    }
}
