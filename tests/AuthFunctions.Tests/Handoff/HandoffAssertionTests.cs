using System.Text.Json.Nodes;
using AuthFunctions.Sessions;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Device;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Races;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>The handoff between back ends, at the target (docs/handoff.md §9).</summary>
public class HandoffAssertionTests
{
    [Fact]
    public async Task It_makes_a_child_of_the_same_root_that_lives_and_dies_with_it()
    {
        await using var service = await StartAsync(AssertionCeremony.Settings());
        using var person = await service.SignedInAsync();
        var assertion = await person.AssertionAsync();

        using var response = await person.RedeemAssertionAsync(assertion);

        Assert.Equal(200, (int)response.StatusCode);
        var tokens = await response.JsonAsync();
        var claims = tokens.Claims("access_token");
        var source = OAuthCalls.Decode(assertion).Claims;
        Assert.Equal((Fabrikam, "demo-web", "openid orders.read"), (Ceremony.Text(claims, "iss"), Ceremony.Text(claims, "client_id"), Ceremony.Text(claims, "scope")));
        Assert.Equal((Ceremony.Text(source, "sub"), source.GetProperty("auth_time").GetInt64()), (Ceremony.Text(claims, "sub"), claims.GetProperty("auth_time").GetInt64()));
        Assert.True(SessionId.TryParse(Ceremony.Text(claims, "sid"), out var id) && id.IsChild);
        Assert.Equal(SessionId.Parse(Ceremony.Text(source, "sid")).Root, id.Root);

        using var logout = await person.PostAsync(Contoso + "/logout");
        using var refreshed = await person.RefreshThereAsync(Ceremony.Text(tokens, "refresh_token"));
        Assert.Equal(204, (int)logout.StatusCode);
        await refreshed.RefusedAsync(400, "invalid_grant");
    }

    [Theory]
    [InlineData("openid orders.read orders.write", null, null, "openid orders.read")]
    [InlineData("openid orders.read offline_access", null, null, "openid orders.read")]
    [InlineData("openid orders.read", "orders.read", null, "orders.read")]
    [InlineData("openid orders.read", null, "openid", "openid")]
    [InlineData("openid", null, null, "openid")]
    public async Task The_scope_is_never_wider_than_the_sources(string source, string? asked, string? redeemed, string scope)
    {
        await using var service = await StartAsync(AssertionCeremony.Settings());
        using var person = await service.SignedInAsync();

        using var response = await person.RedeemAssertionAsync(await person.AssertionAsync(source, asked), ("scope", redeemed));

        Assert.Equal(scope, await response.TextAsync("scope"));
        var row = (await service.Get<SessionStore>().ListAsync(await person.UserIdAsync(), default)).Single(s => s.Site == "fabrikam");
        Assert.Equal((scope, true), (row.Scope.ToString(), row.Id.IsChild));
    }

    [Theory]
    [InlineData("assertion", null, "invalid_request", "assertion is missing")]
    [InlineData("assertion", "eyJ", "invalid_grant", "handoff assertion: not a JWT")]
    [InlineData("scope", "email", "invalid_scope", "malformed, wider than the assertion, or not this client's")]
    [InlineData("scope", "orders.write", "invalid_scope", "malformed, wider than the assertion, or not this client's")]
    [InlineData("resource", "https://orders.example", "invalid_target", "unknown resource, or not this client's")]
    public async Task One_wrong_parameter_is_refused_and_does_not_use_the_assertion_up(string name, string? value, string error, string reason)
    {
        await using var service = await StartAsync(AssertionCeremony.Settings());
        using var person = await service.SignedInAsync();
        var assertion = await person.AssertionAsync();

        using var spoilt = await person.RedeemAssertionAsync(assertion, (name, value));
        using var valid = await person.RedeemAssertionAsync(assertion);

        await spoilt.RefusedAsync(400, error);
        service.AssertReason(reason);
        Assert.Equal(200, (int)valid.StatusCode);
    }

    [Fact]
    public async Task Only_the_client_that_it_names_redeems_it_and_only_at_its_target()
    {
        await using var service = await StartAsync(AssertionCeremony.Settings(
            ("Clients:7:Sites:1", "fabrikam"), ("Clients:7:GrantTypes:2", AssertionCeremony.GrantType)));
        using var person = await service.SignedInAsync();
        var assertion = await person.AssertionAsync();

        using var other = await person.RedeemAssertionAtAsync(Fabrikam, ExchangeCeremony.StockApi, assertion);
        using var elsewhere = await person.RedeemAssertionAtAsync(Contoso, OAuthCalls.Web, assertion);
        using var unauthenticated = await person.RedeemAssertionAtAsync(Fabrikam, ("demo-web", ""), assertion);
        using var valid = await person.RedeemAssertionAsync(assertion);

        await other.RefusedAsync(400, "invalid_grant");
        service.AssertReason("handoff assertion: names another client");
        await elsewhere.RefusedAsync(400, "invalid_grant");
        service.AssertReason("handoff assertion: wrong audience");
        await unauthenticated.RefusedAsync(401, "invalid_client");
        Assert.Equal(200, (int)valid.StatusCode);
    }

    [Fact]
    public async Task A_site_that_is_no_longer_accepted_from_hands_nothing_off()
    {
        await using var service = await StartAsync(AssertionCeremony.Settings());
        await using var closed = await service.StartSecondAsync(AssertionCeremony.Settings(("Sites:fabrikam:AcceptsFrom:0", "northwind")));
        using var person = await service.SignedInAsync();
        var assertion = await person.AssertionAsync();
        using var there = closed.NewBrowser();

        using var refused = await there.RedeemAssertionAsync(assertion);
        using var accepted = await person.RedeemAssertionAsync(assertion);

        await refused.RefusedAsync(400, "invalid_grant");
        closed.AssertReason("handoff assertion: issued by a site that is not accepted from");
        Assert.Equal(200, (int)accepted.StatusCode);
    }

    [Fact]
    public async Task It_lives_ten_seconds_without_leeway()
    {
        await using var service = await StartAsync(AssertionCeremony.Settings());
        using var person = await service.SignedInAsync();
        var (inTime, late) = (await person.AssertionAsync(), await person.AssertionAsync());
        var start = OAuthCalls.Decode(late).Claims.GetProperty("exp").GetInt64();

        service.Clock.Advance(DateTimeOffset.FromUnixTimeSeconds(start - 1) - service.Clock.GetUtcNow());
        using var valid = await person.RedeemAssertionAsync(inTime);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var expired = await person.RedeemAssertionAsync(late);

        Assert.Equal(200, (int)valid.StatusCode);
        await expired.RefusedAsync(400, "invalid_grant");
        service.AssertReason("handoff assertion: expired");
    }

    [Fact]
    public async Task Brought_again_by_its_client_it_ends_what_it_made_however_late()
    {
        await using var service = await StartAsync(AssertionCeremony.Settings());
        using var person = await service.SignedInAsync();
        var assertion = await person.AssertionAsync();
        var userId = await person.UserIdAsync();
        using var first = await person.RedeemAssertionAsync(assertion);
        service.Clock.Advance(TimeSpan.FromMinutes(10));

        using var again = await person.RedeemAssertionAsync(assertion);
        using var refreshed = await person.RefreshThereAsync((await first.TextAsync("refresh_token"))!);

        await again.RefusedAsync(400, "invalid_grant");
        service.AssertReason("used before");
        await refreshed.RefusedAsync(400, "invalid_grant");
        Assert.Equal("handoff_reused", Assert.Single(await service.EventsAsync(userId, "session_ended")).Columns["Reason"]);
    }

    [Theory]
    [InlineData("block", false)]
    [InlineData("block", true)]
    [InlineData("sign out", false)]
    [InlineData("sign out", true)]
    [InlineData("sign out everywhere", true)]
    public async Task A_change_that_came_before_or_overlaps_wins(string change, bool overlaps)
    {
        await using var service = await StartAsync(AssertionCeremony.Settings());
        using var person = await service.SignedInAsync();
        var assertion = await person.AssertionAsync();

        if (overlaps)
        {
            service.Keys.Meanwhile = () => service.BefallAsync(person, change);
        }
        else
        {
            await service.BefallAsync(person, change);
        }

        using var response = await person.RedeemAssertionAsync(assertion);

        await response.RefusedAsync(400, "invalid_grant");
        service.AssertReason("handoff assertion: the source session ended");
    }

    [Fact]
    public async Task No_browser_can_use_it_and_no_back_end_a_browsers_token()
    {
        await using var service = await StartAsync(AssertionCeremony.Settings());
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var assertion = await handoff.Browser.AssertionAsync();
        var token = HandoffCeremony.TokenOf(await handoff.MintAsync());

        using var atAccept = await handoff.Browser.GetAsync(handoff.AcceptUrl(assertion));
        using var atToken = await handoff.Browser.RedeemAssertionAsync(token);
        using var redeemed = await handoff.Browser.RedeemAssertionAsync(assertion);

        await HandoffCeremony.AssertErrorPageAsync(atAccept, 400, "wrong_browser");
        await atToken.RefusedAsync(400, "invalid_grant");

        // Neither was burnt by it.
        Assert.Equal(200, (int)redeemed.StatusCode);
        await handoff.ArriveAsync(handoff.AcceptUrl(token));
    }

    [Theory]
    [InlineData("typ", "handoff+jwt")]
    [InlineData("typ", "at+jwt")]
    [InlineData("azp", null)]
    [InlineData("scope", null)]
    [InlineData("sid", null)]
    [InlineData("jti", null)]
    [InlineData("iss", "http://auth.evil.localhost")]
    public async Task A_forgery_with_one_claim_spoilt_is_refused(string claim, string? value)
    {
        await using var service = await StartAsync(AssertionCeremony.Settings());
        using var person = await service.SignedInAsync();
        var (header, claims) = Forgery.Read(await person.AssertionAsync());
        var valid = Forgery.Sign(service.Keys, header, claims);
        var spoilt = (claim == "typ" ? header : claims).DeepClone().AsObject();
        spoilt[claim] = value is null ? null : JsonValue.Create(value);
        if (value is null)
        {
            spoilt.Remove(claim);
        }

        using var refused = await person.RedeemAssertionAsync(Forgery.Sign(service.Keys, claim == "typ" ? spoilt : header, claim == "typ" ? claims : spoilt));
        using var accepted = await person.RedeemAssertionAsync(valid);

        await refused.RefusedAsync(400, "invalid_grant");
        Assert.Equal(200, (int)accepted.StatusCode);
    }

    [Fact]
    public async Task Of_32_redemptions_at_once_one_wins_and_the_others_end_what_it_won()
    {
        await using var service = await StartOnAzuriteAsync(AssertionCeremony.Settings());
        using var person = await service.SignedInAsync();
        for (var round = 0; round < Crowd.Rounds; round++)
        {
            var assertion = await person.AssertionAsync();

            var responses = await Crowd.AtOnceAsync(Crowd.Size, _ => person.RedeemAssertionAsync(assertion));

            var winner = Assert.Single(responses, r => (int)r.StatusCode == 200);
            Assert.Equal(Crowd.Size - 1, responses.Count(r => (int)r.StatusCode == 400));
            using var refreshed = await person.RefreshThereAsync((await winner.TextAsync("refresh_token"))!);
            await refreshed.RefusedAsync(400, "invalid_grant");
        }
    }

    [Fact]
    public async Task It_is_one_read_one_write_and_a_signature_per_token()
    {
        await using var service = await StartAsync(AssertionCeremony.Settings());
        using var person = await service.SignedInAsync();
        var assertion = await person.AssertionAsync();
        service.Counter.Reset();
        service.Keys.Reset();

        using var response = await person.RedeemAssertionAsync(assertion);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal((1, 4, 1, 2), (service.Counter.Waves, service.Counter.PointReads, service.Counter.Commits, service.Keys.Signatures));
    }
}
