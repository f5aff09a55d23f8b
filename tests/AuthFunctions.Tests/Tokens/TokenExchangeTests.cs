using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;
using static AuthFunctions.Tests.Tokens.ExchangeCeremony;

namespace AuthFunctions.Tests.Tokens;

/// <summary>Who may exchange what for which target (RFC 8693 §2.1, §2.2).</summary>
public class TokenExchangeTests
{
    [Fact]
    public async Task A_token_for_one_api_becomes_one_for_the_next_with_less_scope_and_the_same_subject_and_session()
    {
        await using var service = await StartAsync(Settings());
        using var person = await service.SignedInAsync();
        var subject = await person.SubjectTokenAsync();

        var answer = await service.ExchangedAsync(OrdersApi, subject, ("scope", "orders.read"));

        Assert.Equal("access_token expires_in issued_token_type scope token_type", answer.Members());
        Assert.Equal((AccessTokenType, "Bearer", "orders.read"), (answer.Text("issued_token_type"), answer.Text("token_type"), answer.Text("scope")));
        var (header, claims) = OAuthCalls.Decode(answer.Text("access_token")!);
        var before = OAuthCalls.Decode(subject).Claims;
        Assert.Equal("at+jwt", header.Text("typ"));
        Assert.Equal((Contoso, Stock, "orders-api", "orders.read"), (claims.Text("iss"), claims.Text("aud"), claims.Text("client_id"), claims.Text("scope")));
        foreach (var kept in new[] { "sub", "sid", "auth_time", "amr" })
        {
            Assert.Equal(before.GetProperty(kept).GetRawText(), claims.GetProperty(kept).GetRawText());
        }

        Assert.NotEqual(before.Text("jti"), claims.Text("jti"));
    }

    [Theory]
    [InlineData("subject_token", null, "invalid_request", "subject_token or subject_token_type is missing")]
    [InlineData("subject_token", "eyJ", "invalid_request", "subject_token: access token")]
    [InlineData("subject_token_type", null, "invalid_request", "subject_token or subject_token_type is missing")]
    [InlineData("subject_token_type", "urn:ietf:params:oauth:token-type:refresh_token", "invalid_request", "subject_token: neither of type access_token nor jwt")]
    [InlineData("actor_token", null, "invalid_request", "actor_token and actor_token_type must come together")]
    [InlineData("actor_token_type", null, "invalid_request", "actor_token and actor_token_type must come together")]
    [InlineData("actor_token_type", "urn:ietf:params:oauth:token-type:saml2", "invalid_request", "actor_token: neither of type access_token nor jwt")]
    [InlineData("actor_token", "eyJ", "invalid_request", "actor_token: access token")]
    [InlineData("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token", "invalid_request", "requested_token_type is not supported")]
    [InlineData("audience", Bills, "invalid_target", "not an audience that this client may exchange tokens to")]
    [InlineData("audience", Contoso, "invalid_target", "not an audience that this client may exchange tokens to")]
    [InlineData("audience", null, "invalid_target", "not an audience that this client may exchange tokens to")]
    [InlineData("resource", Bills, "invalid_target", "more than one target")]
    [InlineData("scope", "stock.read", "invalid_scope", "wider than the subject token, or not this client's")]
    [InlineData("scope", "orders.write", "invalid_scope", "wider than the subject token, or not this client's")]
    [InlineData("scope", "orders.read\"", "invalid_scope", "malformed scope")]
    public async Task One_wrong_parameter_is_refused(string name, string? value, string error, string reason)
    {
        await using var service = await StartAsync(Settings());
        using var person = await service.SignedInAsync();
        var (subject, actor) = (await person.SubjectTokenAsync(), await service.ClientTokenAsync(OrdersApi));

        using var spoilt = await person.ExchangeAsync(OrdersApi, subject, actor, (name, value));
        using var valid = await person.ExchangeAsync(OrdersApi, subject, actor);

        await spoilt.RefusedAsync(400, error);
        service.AssertReason(reason);
        Assert.Equal(200, (int)valid.StatusCode);
    }

    [Fact]
    public async Task Audience_and_resource_may_name_the_target_both_but_not_two_targets()
    {
        await using var service = await StartAsync(Settings(("Clients:6:ExchangeAudiences:1", Bills)));
        using var person = await service.SignedInAsync();
        var (subject, actor) = (await person.SubjectTokenAsync(), await service.ClientTokenAsync(OrdersApi));

        using var byResource = await person.ExchangeAsync(OrdersApi, subject, actor, ("audience", null), ("resource", Stock));
        using var both = await person.ExchangeAsync(OrdersApi, subject, actor, ("resource", Stock));
        using var two = await person.ExchangeAsync(OrdersApi, subject, actor, ("audience", Stock), ("audience", Bills));

        Assert.Equal((200, 200), ((int)byResource.StatusCode, (int)both.StatusCode));
        await two.RefusedAsync(400, "invalid_target");
    }

    [Fact]
    public async Task Without_a_target_the_audience_stays_where_that_is_allowed_and_without_a_scope_what_both_may()
    {
        await using var service = await StartAsync(Settings(("Clients:6:ExchangeAudiences:1", Orders)));
        using var person = await service.SignedInAsync();

        var answer = await service.ExchangedAsync(OrdersApi, await person.SubjectTokenAsync(), ("audience", null));

        Assert.Equal(Orders, OAuthCalls.Decode(answer.Text("access_token")!).Claims.Text("aud"));
        Assert.Equal("orders.read", answer.Text("scope"));
    }

    [Fact]
    public async Task A_token_that_was_neither_given_to_the_client_nor_brought_to_its_api_is_refused()
    {
        await using var service = await StartAsync(Settings());
        using var person = await service.SignedInAsync();
        var forIssuer = Ceremony.Text(await person.TokensAsync(("scope", "openid orders.read")), "access_token");
        var actor = await service.ClientTokenAsync(StockApi);

        using var others = await person.ExchangeAsync(StockApi, await person.SubjectTokenAsync(), actor);
        using var issuers = await person.ExchangeAsync(OrdersApi, forIssuer, await service.ClientTokenAsync(OrdersApi));
        using var own = await person.ExchangeAsync(OrdersApi, await service.ClientTokenAsync(OrdersApi), null);

        await others.RefusedAsync(400, "invalid_request");
        await issuers.RefusedAsync(400, "invalid_request");
        service.AssertReason("subject_token: neither issued to this client nor for its API");

        // Its own token it may bring; what is missing then is an actor.
        await own.RefusedAsync(400, "invalid_request");
        service.AssertReason("actor_token is missing");
    }

    [Theory]
    [InlineData("id_token")]
    [InlineData("refresh_token")]
    public async Task Only_an_access_token_is_exchanged(string member)
    {
        await using var service = await StartAsync(Settings());
        using var person = await service.SignedInAsync();
        var tokens = await person.TokensAsync(("scope", "openid orders.read"), ("resource", Orders));

        using var response = await person.ExchangeAsync(OrdersApi, Ceremony.Text(tokens, member), await service.ClientTokenAsync(OrdersApi));

        await response.RefusedAsync(400, "invalid_request");
        service.AssertReason("subject_token: access token");
    }

    [Fact]
    public async Task A_public_client_and_one_that_is_not_registered_for_it_are_refused()
    {
        await using var service = await StartAsync(Settings());
        using var person = await service.SignedInAsync();
        var subject = await person.SubjectTokenAsync();

        using var publicClient = await person.ExchangeAsync(("demo-spa", ""), subject, null);
        using var unregistered = await person.ExchangeAsync(OAuthCalls.Web, subject, null);

        await publicClient.RefusedAsync(400, "unauthorized_client");
        await unregistered.RefusedAsync(400, "unauthorized_client");
    }

    [Fact]
    public async Task It_never_outlives_the_token_it_came_from()
    {
        await using var service = await StartAsync(Settings());
        using var person = await service.SignedInAsync();
        var subject = await person.SubjectTokenAsync();
        service.Clock.Advance(TimeSpan.FromMinutes(4));

        var answer = await service.ExchangedAsync(OrdersApi, subject);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var late = await person.ExchangeAsync(OrdersApi, subject, await service.ClientTokenAsync(OrdersApi));

        Assert.InRange(answer.GetProperty("expires_in").GetInt32(), 58, 60);
        Assert.Equal(
            OAuthCalls.Decode(subject).Claims.GetProperty("exp").GetInt64(),
            OAuthCalls.Decode(answer.Text("access_token")!).Claims.GetProperty("exp").GetInt64());
        await late.RefusedAsync(400, "invalid_request");
        service.AssertReason("subject_token: access token: expired");
    }

    [Fact]
    public async Task It_dies_with_the_session_and_so_does_the_right_to_exchange()
    {
        await using var service = await StartAsync(Settings());
        using var person = await service.SignedInAsync();
        var subject = await person.SubjectTokenAsync();
        var exchanged = (await service.ExchangedAsync(OrdersApi, subject)).Text("access_token")!;
        Assert.True(await person.IsActiveAsync(StockApi, exchanged));

        using var logout = await person.PostAsync(Contoso + "/logout");
        using var refused = await person.ExchangeAsync(OrdersApi, subject, await service.ClientTokenAsync(OrdersApi));

        Assert.Equal(204, (int)logout.StatusCode);
        Assert.False(await person.IsActiveAsync(StockApi, exchanged));
        await refused.RefusedAsync(400, "invalid_request");
    }

    [Fact]
    public async Task The_client_that_got_it_cannot_end_the_session_it_came_from()
    {
        await using var service = await StartAsync(Settings());
        using var person = await service.SignedInAsync();
        var exchanged = (await service.ExchangedAsync(OrdersApi, await person.SubjectTokenAsync())).Text("access_token")!;

        using var revoked = await person.FormAsync(Contoso + "/revoke", OrdersApi, ("token", exchanged));

        await revoked.RefusedAsync(400, "unsupported_token_type");
        Assert.True(await person.IsActiveAsync(StockApi, exchanged));
    }

    [Fact]
    public async Task It_costs_one_read_of_each_session_and_one_signature()
    {
        await using var service = await StartAsync(Settings());
        using var person = await service.SignedInAsync();
        var (subject, actor) = (await person.SubjectTokenAsync(), await service.ClientTokenAsync(OrdersApi));
        service.Counter.Reset();
        service.Keys.Reset();

        using var response = await person.ExchangeAsync(OrdersApi, subject, actor);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal((1, 3, 0, 1), (service.Counter.Waves, service.Counter.PointReads, service.Counter.Commits, service.Keys.Signatures));
    }
}
