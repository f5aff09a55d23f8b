using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>The handoff between back ends, at the source (docs/handoff.md §9).</summary>
public class HandoffAssertionExchangeTests
{
    [Fact]
    public async Task The_assertion_names_target_client_session_and_scope_and_lives_ten_seconds()
    {
        await using var service = await StartAsync(AssertionCeremony.Settings());
        using var person = await service.SignedInAsync();
        var subject = await person.SubjectTokenAsync("openid orders.read offline_access");

        using var response = await person.AskToHandOffAsync(subject);

        Assert.Equal(200, (int)response.StatusCode);
        var answer = await response.JsonAsync();
        Assert.Equal("access_token expires_in issued_token_type scope token_type", answer.Members());
        Assert.Equal((AssertionCeremony.JwtType, "N_A", 10), (Ceremony.Text(answer, "issued_token_type"), Ceremony.Text(answer, "token_type"), answer.GetProperty("expires_in").GetInt32()));
        var (header, claims) = OAuthCalls.Decode(Ceremony.Text(answer, "access_token"));
        Assert.Equal("handoff-assertion+jwt", Ceremony.Text(header, "typ"));
        Assert.Equal("amr aud auth_time azp exp iat iss jti scope sid sub", claims.Members());
        Assert.Equal(
            (Contoso, Fabrikam + "/token", "demo-web", "openid orders.read"),
            (Ceremony.Text(claims, "iss"), Ceremony.Text(claims, "aud"), Ceremony.Text(claims, "azp"), Ceremony.Text(claims, "scope")));
        Assert.Equal(Ceremony.Text(OAuthCalls.Decode(subject).Claims, "sid"), Ceremony.Text(claims, "sid"));
        Assert.Equal(10, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
    }

    [Theory]
    [InlineData("resource", null, "invalid_request", "resource must be the target's token endpoint")]
    [InlineData("resource", Contoso + "/token", "invalid_target", "not a site that this one hands sessions to")]
    [InlineData("resource", Fabrikam, "invalid_target", "not a site that this one hands sessions to")]
    [InlineData("audience", null, "invalid_request", "resource must be the target's token endpoint")]
    [InlineData("audience", "demo-spa", "invalid_target", "not a client that this one may hand sessions to")]
    [InlineData("audience", "stock-api", "invalid_target", "not a client that this one may hand sessions to")]
    [InlineData("scope", "email", "invalid_scope", "wider than the subject token, or not this client's")]
    public async Task One_wrong_parameter_is_refused(string name, string? value, string error, string reason)
    {
        await using var service = await StartAsync(AssertionCeremony.Settings());
        using var person = await service.SignedInAsync();
        var subject = await person.SubjectTokenAsync();

        using var spoilt = await person.AskToHandOffAsync(subject, (name, value));
        using var valid = await person.AskToHandOffAsync(subject);

        await spoilt.RefusedAsync(400, error);
        service.AssertReason(reason);
        Assert.Equal(200, (int)valid.StatusCode);
    }

    [Theory]
    [InlineData("Sites:contoso:HandsOffTo:0", "northwind", "not a site that this one hands sessions to")]
    [InlineData("Sites:fabrikam:AcceptsFrom:0", "northwind", "not a site that this one hands sessions to")]
    [InlineData("Clients:6:HandsOffTo:0", "stock-api", "not a client that this one may hand sessions to")]
    [InlineData("Clients:1:Sites:1", "contoso", "not a client that this one may hand sessions to")]
    public async Task Both_sites_and_both_clients_must_be_registered_for_it(string setting, string value, string reason)
    {
        await using var service = await StartAsync(AssertionCeremony.Settings(("Clients:7:GrantTypes:2", AssertionCeremony.GrantType), (setting, value)));
        using var person = await service.SignedInAsync();

        using var response = await person.AskToHandOffAsync(await person.SubjectTokenAsync());

        await response.RefusedAsync(400, "invalid_target");
        service.AssertReason(reason);
    }

    [Fact]
    public async Task What_somebody_else_acts_in_and_what_has_no_session_is_not_handed_off()
    {
        await using var service = await StartAsync(AssertionCeremony.Settings(("Clients:6:ExchangeAudiences:1", ExchangeCeremony.Orders)));
        using var person = await service.SignedInAsync();
        var subject = await person.SubjectTokenAsync();
        var delegated = Ceremony.Text(
            await service.ExchangedAsync(ExchangeCeremony.OrdersApi, subject, ("audience", ExchangeCeremony.Orders)), "access_token");
        var machine = await service.ClientTokenAsync(ExchangeCeremony.OrdersApi, ("scope", "orders.read"));

        using var byActor = await person.AskToHandOffAsync(subject, ("actor_token", machine), ("actor_token_type", ExchangeCeremony.AccessTokenType));
        using var byChain = await person.AskToHandOffAsync(delegated);
        using var byMachine = await person.AskToHandOffAsync(machine);

        foreach (var response in new[] { byActor, byChain, byMachine })
        {
            await response.RefusedAsync(400, "invalid_request");
        }

        Assert.Equal(3, service.Log.Lines.Count(l => l.Contains("only a session of a user can be handed off", StringComparison.Ordinal)));
    }
}
