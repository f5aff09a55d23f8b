using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Device;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;
using static AuthFunctions.Tests.Tokens.ExchangeCeremony;

namespace AuthFunctions.Tests.Tokens;

/// <summary>Token exchange by a client that proves a key (RFC 9449), or that knows users by pairwise subjects.</summary>
public class ExchangeBindingTests
{
    [Fact]
    public async Task Whoever_exchanges_with_a_proof_gets_a_token_that_is_bound_to_its_key()
    {
        await using var service = await StartAsync(Settings());
        using var person = await service.SignedInAsync();
        using var api = service.NewBrowser();
        using var key = new DpopKey(service);
        var (subject, actor) = (await person.SubjectTokenAsync(), await service.ClientTokenAsync(OrdersApi));

        using var response = await key.FormAsync(
            api, "/token", OrdersApi, ("grant_type", GrantType), ("subject_token", subject), ("subject_token_type", AccessTokenType),
            ("actor_token", actor), ("actor_token_type", AccessTokenType), ("audience", Stock));

        var body = await response.JsonAsync();
        Assert.Equal((200, "DPoP"), ((int)response.StatusCode, Ceremony.Text(body, "token_type")));
        var claims = body.Claims("access_token");
        Assert.Equal(key.Thumbprint, Ceremony.Text(claims.GetProperty("cnf"), "jkt"));
        Assert.False(OAuthCalls.Decode(subject).Claims.TryGetProperty("cnf", out _));
    }

    [Fact]
    public async Task A_pairwise_client_that_exchanges_is_shown_its_own_names_and_the_next_client_the_users()
    {
        await using var service = await StartAsync(Settings(("Clients:6:SubjectType", "Pairwise"), ("Clients:6:SectorIdentifier", "orders.example")));
        using var person = await service.SignedInAsync();
        var userId = await person.UserIdAsync();
        var subject = await person.SubjectTokenAsync("openid orders.read");

        var first = Ceremony.Text(await service.ExchangedAsync(OrdersApi, subject), "access_token");
        var second = Ceremony.Text(await service.ExchangedAsync(StockApi, first), "access_token");

        var (before, pairwise, after) = (OAuthCalls.Decode(subject).Claims, OAuthCalls.Decode(first).Claims, OAuthCalls.Decode(second).Claims);
        Assert.NotEqual(userId, Ceremony.Text(pairwise, "sub"));
        Assert.NotEqual(Ceremony.Text(before, "sid"), Ceremony.Text(pairwise, "sid"));
        Assert.Equal((userId, Ceremony.Text(before, "sid")), (Ceremony.Text(after, "sub"), Ceremony.Text(after, "sid")));
    }
}
