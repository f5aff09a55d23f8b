using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Device;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>A handoff assertion redeemed by a client that proves a key (RFC 9449), or that knows users by pairwise subjects.</summary>
public class AssertionBindingTests
{
    [Fact]
    public async Task A_client_that_proves_a_key_gets_an_access_token_that_is_bound_to_it_and_proves_itself_at_the_refresh()
    {
        await using var service = await StartAsync(AssertionCeremony.Settings());
        using var person = await service.SignedInAsync();
        using var backEnd = service.NewBrowser();
        using var key = new DpopKey(service);
        var assertion = await person.AssertionAsync();

        backEnd.Headers["DPoP"] = key.Proof("POST", Fabrikam + "/token");
        using var asked = await backEnd.RedeemAssertionAsync(assertion);
        await asked.RefusedAsync(400, "use_dpop_nonce");
        var nonce = asked.Headers.GetValues("DPoP-Nonce").Single();
        backEnd.Headers["DPoP"] = key.Proof("POST", Fabrikam + "/token", spoil: (_, claims) => claims["nonce"] = nonce);
        using var response = await backEnd.RedeemAssertionAsync(assertion);
        backEnd.Headers.Remove("DPoP");

        var tokens = await response.JsonAsync();
        Assert.Equal((200, "DPoP"), ((int)response.StatusCode, Ceremony.Text(tokens, "token_type")));
        Assert.Equal(key.Thumbprint, Ceremony.Text(tokens.Claims("access_token").GetProperty("cnf"), "jkt"));

        // RFC 9449 §5: a confidential client's refresh token is bound to the client already.
        using var refreshed = await backEnd.RefreshThereAsync(Ceremony.Text(tokens, "refresh_token"));
        Assert.Equal((200, "Bearer"), ((int)refreshed.StatusCode, await refreshed.TextAsync("token_type")));
    }

    [Fact]
    public async Task A_pairwise_client_at_the_target_is_shown_neither_user_nor_session_in_the_assertion_or_its_tokens()
    {
        await using var service = await StartAsync(AssertionCeremony.Settings(
            ("Clients:1:SubjectType", "Pairwise"), ("Clients:1:SectorIdentifier", "web.example")));
        using var person = await service.SignedInAsync();
        var userId = await person.UserIdAsync();

        var assertion = await person.AssertionAsync();
        using var response = await person.RedeemAssertionAsync(assertion);

        var tokens = await response.JsonAsync();
        var asserted = OAuthCalls.Decode(assertion).Claims;
        var (id, access) = (tokens.Claims("id_token"), tokens.Claims("access_token"));
        Assert.NotEqual(userId, Ceremony.Text(id, "sub"));
        Assert.Equal((Ceremony.Text(id, "sub"), Ceremony.Text(id, "sid")), (Ceremony.Text(access, "sub"), Ceremony.Text(access, "sid")));
        var rows = await service.RowsAsync(userId, "session_");
        var shown = id.GetRawText() + access.GetRawText() + asserted.GetRawText();
        Assert.All(rows, r => Assert.DoesNotContain(r.Key["session_".Length..], shown, StringComparison.Ordinal));
        Assert.DoesNotContain(userId, shown, StringComparison.Ordinal);
        Assert.Equal(Ceremony.Text(id, "sub"), Ceremony.Text(asserted, "sub"));
        Assert.StartsWith("sealed_", Ceremony.Text(tokens, "refresh_token"), StringComparison.Ordinal);
        using var refreshed = await person.RefreshThereAsync(Ceremony.Text(tokens, "refresh_token"));
        Assert.Equal(200, (int)refreshed.StatusCode);
    }
}
