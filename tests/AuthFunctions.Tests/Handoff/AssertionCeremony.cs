using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>
/// A valid handoff between back ends, of which a test spoils one thing: the orders API of contoso hands the session of a person's app to demo-web
/// at fabrikam.
/// </summary>
internal static class AssertionCeremony
{
    public const string GrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    public const string JwtType = "urn:ietf:params:oauth:token-type:jwt";

    public static Dictionary<string, string?> Settings(params (string Name, string? Value)[] more) => ExchangeCeremony.Settings(
    [
        ("Clients:1:GrantTypes:2", GrantType), ("Clients:1:Scopes:4", "orders.read"), ("Clients:6:HandsOffTo:0", "demo-web"),
        ("Sites:northwind:Issuer", "http://auth.northwind.localhost:7071"), ("Sites:northwind:AppOrigins:0", "http://app.northwind.localhost:5173"),
        ("Clients:6:Scopes:2", "openid"), ("Clients:6:Scopes:3", "offline_access"), .. more,
    ]);

    /// <summary>Asks the source for an assertion.</summary>
    public static Task<HttpResponseMessage> AskToHandOffAsync(this Browser api, string subject, params (string Name, string? Value)[] spoilt) =>
        api.ExchangeAsync(
            ExchangeCeremony.OrdersApi,
            subject,
            actor: null,
            [.. new[] { ("requested_token_type", JwtType), ("resource", Fabrikam + "/token"), ("audience", (string?)"demo-web") }
                .Where(p => spoilt.All(s => s.Item1 != p.Item1)), .. spoilt]);

    /// <summary>An assertion for a person who is signed in at contoso.</summary>
    public static async Task<string> AssertionAsync(this Browser person, string scope = "openid orders.read orders.write", string? asked = null)
    {
        using var response = await person.AskToHandOffAsync(await person.SubjectTokenAsync(scope), ("scope", asked));
        Assert.True((int)response.StatusCode == 200, await response.Content.ReadAsStringAsync());
        return (await response.TextAsync("access_token"))!;
    }

    /// <summary>Brings an assertion to the target.</summary>
    public static Task<HttpResponseMessage> RedeemAssertionAsync(this Browser backEnd, string assertion, params (string Name, string? Value)[] spoilt) =>
        backEnd.RedeemAssertionAtAsync(Fabrikam, OAuthCalls.Web, assertion, spoilt);

    public static Task<HttpResponseMessage> RedeemAssertionAtAsync(
        this Browser backEnd, string site, (string Id, string Secret) client, string assertion, params (string Name, string? Value)[] spoilt) =>
        backEnd.ClientFormAsync(site + "/token", client, Ceremony.Spoil([("grant_type", GrantType), ("assertion", assertion)], spoilt));

    public static Task<HttpResponseMessage> RefreshThereAsync(this Browser backEnd, string refreshToken) => backEnd.FormAsync(
        Fabrikam + "/token", OAuthCalls.Web, ("grant_type", "refresh_token"), ("refresh_token", refreshToken));
}
