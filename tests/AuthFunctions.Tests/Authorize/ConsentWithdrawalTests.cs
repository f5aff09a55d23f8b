using AuthFunctions.Tests.Device;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Authorize.Ceremony;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Authorize;

/// <summary>A person sees what third parties may have, and takes it back.</summary>
public class ConsentWithdrawalTests
{
    private const string Url = Contoso + "/consents/demo-partner";

    [Fact]
    public async Task What_was_given_is_listed_and_after_withdrawal_asked_for_again()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var givenAt = service.Clock.GetUtcNow();
        await GrantAsync(person, "openid email");

        using var list = await person.GetAsync(Contoso + "/consents");
        using var withdrawn = await person.DeleteAsync(Url);
        using var after = await person.GetAsync(Contoso + "/consents");
        using var again = await person.AuthorizeAsync([.. AsPartner, ("scope", "openid")]);

        var consent = Assert.Single((await list.JsonAsync()).GetProperty("consents").EnumerateArray());
        Assert.Equal("client_id given_at scope", consent.Members());
        Assert.Equal(("demo-partner", "openid email"), (Ceremony.Text(consent, "client_id"), Ceremony.Text(consent, "scope")));
        Assert.Equal(givenAt, consent.GetProperty("given_at").GetDateTimeOffset());
        Assert.Equal(204, (int)withdrawn.StatusCode);
        Assert.Equal("""{"consents":[]}""", await after.Content.ReadAsStringAsync());
        Onwards(again, "/consent");
    }

    [Fact]
    public async Task It_ends_the_clients_sessions_bound_offline_and_devices_and_no_others()
    {
        await using var service = await StartAsync(new() { ["Clients:5:GrantTypes:2"] = DeviceCeremony.GrantType });
        using var person = await service.SignedInAsync();
        var userId = await person.UserIdAsync();
        var bound = await GrantAsync(person, "openid");
        var offline = await GrantAsync(person, "openid offline_access");
        var others = await person.TokensAsync();
        using var asking = await person.AskToBeLetInAsync(("client_id", "demo-partner"));
        var waiting = await asking.JsonAsync();
        await person.AllowAsync(Ceremony.Text(waiting, "user_code"));

        using var withdrawn = await person.DeleteAsync(Url);

        Assert.Equal(204, (int)withdrawn.StatusCode);
        foreach (var refreshToken in new[] { bound, offline })
        {
            using var refused = await person.RefreshAsync(refreshToken, "demo-partner");
            await refused.RefusedAsync(400, "invalid_grant");
        }

        using var poll = await person.PollAsync(Ceremony.Text(waiting, "device_code"), ("client_id", "demo-partner"));
        await poll.RefusedAsync(400, "invalid_grant");
        using var kept = await person.RefreshAsync(Ceremony.Text(others, "refresh_token"));
        Assert.Equal(200, (int)kept.StatusCode);
        Assert.Equal(3, (await service.EventsAsync(userId, "session_ended")).Count(e => e.Columns["Reason"] is "consent_withdrawn"));
        Assert.Equal("demo-partner", Assert.Single(await service.EventsAsync(userId, "consent_withdrawn")).Columns["ClientId"]);
    }

    [Fact]
    public async Task A_code_from_before_redeems_to_nothing()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        await GrantAsync(person, "openid");
        var code = await person.CodeAsync([.. AsPartner, ("scope", "openid")]);
        var own = await person.CodeAsync();

        using var withdrawn = await person.DeleteAsync(Url);
        using var redeemed = await person.RedeemAsync(code, AsPartner);
        using var others = await person.RedeemAsync(own);

        Assert.Equal(204, (int)withdrawn.StatusCode);
        await redeemed.RefusedAsync(400, "invalid_grant");
        Assert.Equal(200, (int)others.StatusCode);
    }

    [Fact]
    public async Task A_redemption_that_overlaps_gets_nothing()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        await GrantAsync(person, "openid");
        var code = await person.CodeAsync([.. AsPartner, ("scope", "openid")]);

        service.Keys.Meanwhile = async () => (await person.DeleteAsync(Url)).Dispose();
        using var redeemed = await person.RedeemAsync(code, AsPartner);

        await redeemed.RefusedAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task More_sessions_than_fit_one_transaction_end_all_the_same()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        await GrantAsync(person, "openid");
        for (var i = 0; i < 50; i++)
        {
            using var redeemed = await person.RedeemAsync(await person.CodeAsync([.. AsPartner, ("scope", "openid")]), AsPartner);
            Assert.Equal(200, (int)redeemed.StatusCode);
        }

        using var withdrawn = await person.DeleteAsync(Url);

        Assert.Equal(204, (int)withdrawn.StatusCode);
        var userId = await person.UserIdAsync();
        Assert.Single(await service.RowsAsync(userId, "session_"));
        Assert.Equal(51, (await service.EventsAsync(userId, "session_ended")).Count);
    }

    [Fact]
    public async Task It_takes_the_persons_own_page_and_an_own_consent()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        using var stranger = await service.SignedInAsync();
        using var nobody = service.NewBrowser();
        await GrantAsync(person, "openid");

        using var others = await stranger.DeleteAsync(Url);
        using var unknown = await person.DeleteAsync(Contoso + "/consents/demo-nobody");
        using var foreign = await person.DeleteAsync(Url, origin: "https://evil.test");
        using var signedOut = await nobody.DeleteAsync(Url);
        using var listedByNobody = await nobody.GetAsync(Contoso + "/consents");
        using var own = await person.DeleteAsync(Url);

        await others.RefusedAsync(404, "consent_not_found");
        await unknown.RefusedAsync(404, "consent_not_found");
        await foreign.RefusedAsync(403, "cross_site");
        await signedOut.RefusedAsync(401, "session_ended");
        await listedByNobody.RefusedAsync(401, "session_ended");
        Assert.Equal(204, (int)own.StatusCode);
    }

    [Fact]
    public async Task A_client_id_may_be_a_url()
    {
        const string Id = "https://partner.example/app";
        await using var service = await StartAsync(new() { ["Clients:5:ClientId"] = Id });
        using var person = await service.SignedInAsync();
        using var asked = await person.AuthorizeAsync(("client_id", Id), ("redirect_uri", PartnerCallback));
        using var given = await person.ConsentAsync(asked);
        Assert.NotEmpty(Answered(given, PartnerCallback)["code"]);

        using var withdrawn = await person.DeleteAsync(Contoso + "/consents/" + Uri.EscapeDataString(Id));

        Assert.Equal(204, (int)withdrawn.StatusCode);
    }

    /// <summary>Consents as the partner asks, and redeems the code: the refresh token.</summary>
    internal static async Task<string> GrantAsync(Browser person, string scope)
    {
        using var asked = await person.AuthorizeAsync([.. AsPartner, ("scope", scope), ("prompt", "consent")]);
        using var given = await person.ConsentAsync(asked);
        using var redeemed = await person.RedeemAsync(Answered(given, PartnerCallback)["code"], AsPartner);
        Assert.Equal(200, (int)redeemed.StatusCode);
        return (await redeemed.TextAsync("refresh_token"))!;
    }
}
