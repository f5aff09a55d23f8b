using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;
using static AuthFunctions.Tests.Tokens.ExchangeCeremony;

namespace AuthFunctions.Tests.Tokens;

/// <summary>Who acts for whom (RFC 8693 §1.1, §4.1).</summary>
public class DelegationTests
{
    [Fact]
    public async Task Each_hop_adds_who_acts_and_keeps_who_acted_before()
    {
        await using var service = await StartAsync(Settings());
        using var person = await service.SignedInAsync();

        var first = (await service.ExchangedAsync(OrdersApi, await person.SubjectTokenAsync())).Text("access_token")!;
        var second = (await service.ExchangedAsync(StockApi, first)).Text("access_token")!;

        Assert.Equal("""{"sub":"orders-api"}""", OAuthCalls.Decode(first).Claims.GetProperty("act").GetRawText());
        Assert.Equal("""{"sub":"stock-api","act":{"sub":"orders-api"}}""", OAuthCalls.Decode(second).Claims.GetProperty("act").GetRawText());
        Assert.Equal(OAuthCalls.Decode(first).Claims.Text("sub"), OAuthCalls.Decode(second).Claims.Text("sub"));
    }

    [Fact]
    public async Task Introspection_tells_who_acts()
    {
        await using var service = await StartAsync(Settings());
        using var person = await service.SignedInAsync();
        var exchanged = (await service.ExchangedAsync(OrdersApi, await person.SubjectTokenAsync())).Text("access_token")!;

        var answer = await person.IntrospectAsync(StockApi, exchanged);

        Assert.True(answer.GetProperty("active").GetBoolean());
        Assert.Equal("orders-api", answer.GetProperty("act").Text("sub"));
        Assert.Equal(Stock, answer.Text("aud"));
    }

    [Fact]
    public async Task A_person_may_act_for_another_by_a_token_of_the_same_client()
    {
        await using var service = await StartAsync(Settings());
        using var person = await service.SignedInAsync();
        var agent = await service.GrantedAsync("orders-api", "orders.read");
        using var refreshed = await person.RefreshAsync(OrdersApi, agent.RefreshToken);
        await refreshed.RefusedAsync(400, "unauthorized_client");

        await using var allowing = await StartAsync(Settings(("Clients:6:GrantTypes:2", "refresh_token")));
        using var subject = await allowing.SignedInAsync();
        var helper = await allowing.GrantedAsync("orders-api", "orders.read");
        using var helperTokens = await subject.RefreshAsync(OrdersApi, helper.RefreshToken);
        using var response = await subject.ExchangeAsync(
            OrdersApi, await subject.SubjectTokenAsync(), await helperTokens.TextAsync("access_token"));

        var claims = OAuthCalls.Decode((await response.TextAsync("access_token"))!).Claims;
        Assert.Equal(helper.UserId, claims.GetProperty("act").Text("sub"));
        Assert.NotEqual(helper.UserId, claims.Text("sub"));
    }

    [Fact]
    public async Task Without_an_actor_only_a_client_that_may_impersonate_is_answered_and_a_chain_is_kept()
    {
        await using var service = await StartAsync(Settings(("Clients:7:ExchangesWithoutActor", "true")));
        using var person = await service.SignedInAsync();
        var subject = await person.SubjectTokenAsync();
        var forStock = (await service.ExchangedAsync(OrdersApi, subject)).Text("access_token")!;

        using var refused = await person.ExchangeAsync(OrdersApi, subject, actor: null);
        using var allowed = await person.ExchangeAsync(StockApi, forStock, actor: null);

        await refused.RefusedAsync(400, "invalid_request");
        service.AssertReason("actor_token is missing");
        Assert.Equal(
            """{"sub":"orders-api"}""", OAuthCalls.Decode((await allowed.TextAsync("access_token"))!).Claims.GetProperty("act").GetRawText());
    }

    [Fact]
    public async Task Nobody_acts_by_another_clients_token_by_the_subjects_own_or_by_a_delegated_one()
    {
        await using var service = await StartAsync(Settings(("Clients:6:ExchangeAudiences:1", Orders)));
        using var person = await service.SignedInAsync();
        var subject = await person.SubjectTokenAsync();
        var own = (await service.ExchangedAsync(OrdersApi, subject, ("audience", Orders))).Text("access_token")!;

        using var others = await person.ExchangeAsync(OrdersApi, subject, await service.ClientTokenAsync(StockApi));
        using var subjects = await person.ExchangeAsync(OrdersApi, subject, subject);
        using var delegated = await person.ExchangeAsync(OrdersApi, await service.ClientTokenAsync(OrdersApi), own);
        using var itself = await person.ExchangeAsync(
            OrdersApi, await service.ClientTokenAsync(OrdersApi), await service.ClientTokenAsync(OrdersApi));

        foreach (var response in new[] { others, subjects, delegated, itself })
        {
            await response.RefusedAsync(400, "invalid_request");
        }

        Assert.Equal(4, service.Log.Lines.Count(l => l.Contains("actor_token: not issued to this client", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_chain_has_an_end()
    {
        await using var service = await StartAsync(Settings(("Clients:6:ExchangeAudiences:1", Orders)));
        using var person = await service.SignedInAsync();
        var token = await person.SubjectTokenAsync();
        for (var hop = 0; hop < 8; hop++)
        {
            token = (await service.ExchangedAsync(OrdersApi, token, ("audience", Orders))).Text("access_token")!;
        }

        using var ninth = await person.ExchangeAsync(OrdersApi, token, await service.ClientTokenAsync(OrdersApi), ("audience", Orders));

        await ninth.RefusedAsync(400, "invalid_request");
        service.AssertReason("more than 8 have acted");
    }

    [Fact]
    public async Task A_delegated_token_never_acts_on_sessions_and_opens_no_userinfo()
    {
        await using var service = await StartAsync(Settings());
        using var person = await service.SignedInAsync();
        var exchanged = (await service.ExchangedAsync(OrdersApi, await person.SubjectTokenAsync())).Text("access_token")!;
        using var api = service.NewBrowser();
        api.Headers["Authorization"] = "Bearer " + exchanged;

        using var sessions = await api.GetAsync(Contoso + "/sessions");
        using var userInfo = await api.GetAsync(Contoso + "/userinfo");

        await sessions.RefusedAsync(401, "session_ended");
        await userInfo.RefusedAsync(401, "invalid_token");
    }
}
