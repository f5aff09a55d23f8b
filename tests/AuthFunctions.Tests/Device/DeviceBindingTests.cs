using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Device;

/// <summary>What a device gets when it proves a key (RFC 9449), when its client knows users by pairwise subjects, and what is on record of it.</summary>
public class DeviceBindingTests
{
    [Fact]
    public async Task A_device_that_proves_a_key_gets_tokens_that_are_bound_to_it()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        using var device = service.NewBrowser();
        using var key = new DpopKey(service);
        using var thief = new DpopKey(service);
        var waiting = await device.WaitAsync();
        await person.AllowAsync(waiting.UserCode);

        using var response = await key.FormAsync(
            device, "/token", null, ("grant_type", DeviceCeremony.GrantType), ("client_id", "demo-device"), ("device_code", waiting.DeviceCode));
        var tokens = await response.JsonAsync();

        Assert.Equal("DPoP", Ceremony.Text(tokens, "token_type"));
        Assert.Equal(key.Thumbprint, Ceremony.Text(tokens.Claims("access_token").GetProperty("cnf"), "jkt"));
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var stolen = await RefreshAsync(thief, device, Ceremony.Text(tokens, "refresh_token"));
        using var bare = await device.RefreshAsync(Ceremony.Text(tokens, "refresh_token"), "demo-device");
        using var owner = await RefreshAsync(key, device, Ceremony.Text(tokens, "refresh_token"));
        await stolen.RefusedAsync(400, "invalid_grant");
        await bare.RefusedAsync(400, "invalid_grant");
        Assert.Equal(200, (int)owner.StatusCode);
    }

    [Fact]
    public async Task A_device_of_a_pairwise_client_is_shown_neither_user_nor_session()
    {
        await using var service = await StartAsync(new()
        {
            ["Clients:4:SubjectType"] = "Pairwise", ["Clients:4:SectorIdentifier"] = "device.example",
        });
        using var person = await service.SignedInAsync();
        var userId = await person.UserIdAsync();

        var tokens = await service.DeviceTokensAsync(person);

        var (id, access) = (tokens.Claims("id_token"), tokens.Claims("access_token"));
        Assert.NotEqual(userId, Ceremony.Text(id, "sub"));
        Assert.Equal((Ceremony.Text(id, "sub"), Ceremony.Text(id, "sid")), (Ceremony.Text(access, "sub"), Ceremony.Text(access, "sid")));
        var rows = await service.RowsAsync(userId, "session_");
        Assert.All(rows, r => Assert.DoesNotContain(r.Key["session_".Length..], id.GetRawText() + access.GetRawText(), StringComparison.Ordinal));
        Assert.StartsWith("sealed_", Ceremony.Text(tokens, "refresh_token"), StringComparison.Ordinal);
        using var refreshed = await person.RefreshAsync(Ceremony.Text(tokens, "refresh_token"), "demo-device");
        Assert.Equal(Ceremony.Text(id, "sub"), Ceremony.Text((await refreshed.JsonAsync()).Claims("id_token"), "sub"));
    }

    [Fact]
    public async Task What_a_third_partys_device_is_let_have_is_a_consent_that_can_be_taken_back()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var userId = await person.UserIdAsync();
        var tokens = await service.DeviceTokensAsync(person, "openid email");
        await service.DeviceTokensAsync(person, "openid profile");

        using var list = await person.GetAsync(Contoso + "/consents");
        var consent = Assert.Single((await list.JsonAsync()).GetProperty("consents").EnumerateArray());
        Assert.Equal("demo-device", Ceremony.Text(consent, "client_id"));
        Assert.Equal(["email", "openid", "profile"], Ceremony.Text(consent, "scope").Split(' ').Order());
        Assert.Equal(2, (await service.EventsAsync(userId, "consent_given")).Count);

        using var withdrawn = await person.DeleteAsync(Contoso + "/consents/demo-device");
        Assert.Equal(204, (int)withdrawn.StatusCode);
        using var refused = await person.RefreshAsync(Ceremony.Text(tokens, "refresh_token"), "demo-device");
        await refused.RefusedAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task The_teams_own_device_needs_none()
    {
        await using var service = await StartAsync(new() { ["Clients:4:FirstParty"] = "true" });
        using var person = await service.SignedInAsync();

        await service.DeviceTokensAsync(person);

        using var list = await person.GetAsync(Contoso + "/consents");
        Assert.Equal("""{"consents":[]}""", await list.Content.ReadAsStringAsync());
    }

    private static Task<HttpResponseMessage> RefreshAsync(DpopKey key, Browser device, string refreshToken) => key.FormAsync(
        device, "/token", null, ("grant_type", "refresh_token"), ("client_id", "demo-device"), ("refresh_token", refreshToken));
}
