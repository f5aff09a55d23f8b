using AuthFunctions.Tests.Account;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Device;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Handoff;
using Microsoft.AspNetCore.WebUtilities;
using static AuthFunctions.Tests.Fixtures.TestService;
using static AuthFunctions.Tests.SignOut.BackchannelService;
using OAuthCalls = AuthFunctions.Tests.Tokens.OAuthCalls;

namespace AuthFunctions.Tests.SignOut;

/// <summary>OpenID Connect Back-Channel Logout 1.0: whom an ending is told, and whom not.</summary>
public class BackchannelLogoutTests(BackchannelService fixture) : IClassFixture<BackchannelService>
{
    private TestService Service => fixture.Service;

    public static TheoryData<string> Endings =>
    [
        "logout", "logout all", "end_session", "its device ended elsewhere", "password change", "password reset", "blocked", "ended by an operator",
        "account deleted", "another sign-in", "another person", "refresh token reused", "code reused",
    ];

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task However_a_session_ends_its_client_is_told_once(string ending)
    {
        var email = NewEmail();
        using var browser = await Service.SignedInAsync(email: email);
        var userId = await browser.UserIdAsync();
        var code = await browser.CodeAsync();
        using var redeemed = await browser.RedeemAsync(code);
        var tokens = await redeemed.JsonAsync();

        await EndAsync(ending, browser, email, userId, code, tokens.Text("id_token"), tokens.Text("refresh_token"));

        var told = Assert.Single(await fixture.ToldAsync());
        Assert.Equal(("demo-spa", Sid(tokens), userId), (told.Client, told.Sid, told.Claims.Text("sub")));
        Assert.Empty(await Service.RowsAsync(userId, "outbox_"));
        var delivered = Assert.Single(await Service.EventsAsync(userId, "logout_delivered"));
        Assert.Equal(("demo-spa", Sid(tokens)), (delivered.Columns["ClientId"], delivered.Columns["SessionId"]));
        await Service.RequeueAsync(TimeSpan.FromMinutes(15));
        Assert.Empty(fixture.Receiver.Take());
    }

    [Fact]
    public async Task Signing_out_tells_each_client_of_the_tree_on_every_site_by_the_names_it_knows()
    {
        using var browser = await Service.SignedInAsync();
        var userId = await browser.UserIdAsync();
        var here = await browser.TokensAsync();
        var pairwise = await WebTokensAsync(browser);
        await HandOverAsync(browser);
        var there = await FabrikamTokensAsync(browser);

        using var left = await browser.PostAsync(Fabrikam + "/logout");
        Assert.Equal(204, (int)left.StatusCode);
        Assert.Equal(2, (await Service.RowsAsync(userId, "outbox_")).Count);
        var told = await fixture.ToldAsync();

        Assert.Equal(3, told.Count);
        Assert.Equal(
            new[] { (Contoso, userId, Sid(here)), (Fabrikam, userId, Sid(there)) }.Order(),
            told.Where(t => t.Client == "demo-spa").Select(t => (t.Claims.Text("iss"), t.Claims.Text("sub"), t.Sid)).Order());
        var web = Assert.Single(told, t => t.Client == "demo-web");
        Assert.Equal((Contoso, pairwise.Claims("id_token").Text("sub"), Sid(pairwise)), (web.Claims.Text("iss"), web.Claims.Text("sub"), web.Sid));
        Assert.DoesNotContain(userId, web.Claims.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_clients_of_the_session_that_ended_are_told()
    {
        var email = NewEmail();
        using var browser = await Service.SignedInAsync(email: email);
        using var other = Service.NewBrowser();
        using var signedIn = await other.PostAsync(Contoso + "/login", new { email, password = Password });
        var (kept, ended) = (await other.TokensAsync(), await browser.TokensAsync());

        using var left = await browser.PostAsync(Contoso + "/logout");

        Assert.Equal(Sid(ended), Assert.Single(await fixture.ToldAsync()).Sid);
        using var refreshed = await other.RefreshAsync(kept.Text("refresh_token"));
        Assert.Equal(200, (int)refreshed.StatusCode);
    }

    [Fact]
    public async Task A_grant_that_outlives_the_session_stays_though_its_client_is_told_that_the_person_left()
    {
        using var browser = await Service.SignedInAsync();
        var tokens = await browser.TokensAsync(("scope", "openid offline_access"));
        using var another = browser.Copy();
        using var left = await browser.PostAsync(Contoso + "/logout");

        Assert.Equal(Sid(tokens), Assert.Single(await fixture.ToldAsync()).Sid);
        using var refreshed = await another.RefreshAsync(tokens.Text("refresh_token"));
        Assert.Equal(200, (int)refreshed.StatusCode);
    }

    [Fact]
    public async Task A_third_party_is_told_when_its_consent_is_withdrawn()
    {
        using var browser = await Service.SignedInAsync();
        using var asked = await browser.AuthorizeAsync(Ceremony.AsPartner);
        using var given = await browser.ConsentAsync(asked);
        using var redeemed = await browser.RedeemAsync(
            Ceremony.Answered(given, Ceremony.PartnerCallback)["code"], ("client_id", Ceremony.Partner), ("redirect_uri", Ceremony.PartnerCallback));
        var sid = Sid(await redeemed.JsonAsync());
        var others = await browser.TokensAsync();

        using var withdrawn = await browser.DeleteAsync(Contoso + "/consents/demo-partner");

        Assert.Equal(204, (int)withdrawn.StatusCode);
        var told = Assert.Single(await fixture.ToldAsync());
        Assert.Equal(("demo-partner", sid), (told.Client, told.Sid));
        using var kept = await browser.RefreshAsync(others.Text("refresh_token"));
        Assert.Equal(200, (int)kept.StatusCode);
    }

    [Fact]
    public async Task A_client_that_revokes_its_own_token_knows()
    {
        using var browser = await Service.SignedInAsync();
        var tokens = await browser.TokensAsync();

        using var revoked = await browser.FormAsync(
            Contoso + "/revoke", null, ("client_id", "demo-spa"), ("token", tokens.Text("refresh_token")));
        Assert.Equal(200, (int)revoked.StatusCode);
        using var left = await browser.PostAsync(Contoso + "/logout");

        Assert.Empty(await fixture.ToldAsync());
    }

    [Fact]
    public async Task Whoever_was_told_of_one_ending_is_not_told_again_of_another()
    {
        using var browser = await Service.SignedInAsync();
        var userId = await browser.UserIdAsync();
        await browser.TokensAsync();
        using var operators = await OAuthCalls.OperatorAsync(Service);
        using var first = await browser.PostAsync(Contoso + "/logout");
        Assert.Single(await fixture.ToldAsync());

        using var second = await operators.DeleteAsync($"{Contoso}/manage/users/{userId}/sessions");
        using var third = await operators.PostAsync($"{Contoso}/manage/users/{userId}/block");

        Assert.Equal((204, 204), ((int)second.StatusCode, (int)third.StatusCode));
        Assert.Empty(await fixture.ToldAsync());
    }

    [Fact]
    public async Task A_session_that_expires_by_itself_is_told_to_nobody()
    {
        using var browser = await Service.SignedInAsync();
        await browser.TokensAsync();

        await Service.RequeueAsync(TimeSpan.FromDays(91));

        Assert.Empty(fixture.Receiver.Take());
    }

    [Fact]
    public async Task Without_a_client_that_took_part_an_ending_costs_and_announces_nothing_more()
    {
        using var browser = await Service.SignedInAsync();
        var userId = await browser.UserIdAsync();
        var before = Service.Counter.Commits;

        using var left = await browser.PostAsync(Contoso + "/logout");

        Assert.Equal(204, (int)left.StatusCode);
        Assert.Equal(before + 1, Service.Counter.Commits);
        Assert.Empty(await Service.RowsAsync(userId, "outbox_"));
        Assert.Null(Service.Queue.TryTake());
    }

    private async Task EndAsync(
        string ending, Browser browser, string email, string userId, string code, string idToken, string refreshToken)
    {
        using var operators = await OAuthCalls.OperatorAsync(Service);
        using var elsewhere = Service.NewBrowser();
        using var second = await elsewhere.PostAsync(Contoso + "/login", new { email, password = Password });
        using var me = await browser.GetAsync(Contoso + "/session");
        var own = (await me.JsonAsync()).GetProperty("session").Text("id");
        var (answer, status) = ending switch
        {
            "logout" => (await browser.PostAsync(Contoso + "/logout"), 204),
            "logout all" => (await elsewhere.PostAsync(Contoso + "/logout/all"), 204),
            "end_session" => (await browser.GetAsync(QueryHelpers.AddQueryString(Contoso + "/end_session", "id_token_hint", idToken)), 200),
            "its device ended elsewhere" => (await elsewhere.DeleteAsync($"{Contoso}/sessions/{own}"), 204),
            "password change" => (await browser.PostAsync(
                Contoso + "/account/password", new { password = Password, new_password = AccountSteps.NewPassword }), 204),
            "password reset" => (await browser.FormOfAsync(
                await Service.LinkAsync(Contoso + "/forgot", email), ("new_password", AccountSteps.NewPassword)), 303),
            "blocked" => (await operators.PostAsync($"{Contoso}/manage/users/{userId}/block"), 204),
            "ended by an operator" => (await operators.DeleteAsync($"{Contoso}/manage/users/{userId}/sessions"), 204),
            "account deleted" => (await browser.PostAsync(Contoso + "/account/delete", new { password = Password }), 204),
            "another sign-in" => (await browser.PostAsync(Contoso + "/login", new { email, password = Password }), 200),
            "another person" => (await browser.PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password }), 201),
            "refresh token reused" => (await ReuseAsync(browser, refreshToken), 400),
            "code reused" => (await browser.RedeemAsync(code), 400),
            _ => throw new ArgumentOutOfRangeException(nameof(ending)),
        };
        using (answer)
        {
            Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private async Task<HttpResponseMessage> ReuseAsync(Browser browser, string refreshToken)
    {
        using var rotated = await browser.RefreshAsync(refreshToken);
        Assert.Equal(200, (int)rotated.StatusCode);
        Service.Clock.Advance(TimeSpan.FromSeconds(11));
        return await browser.RefreshAsync(refreshToken);
    }

    private async Task HandOverAsync(Browser browser)
    {
        var handoff = new HandoffCeremony(Service, browser);
        await handoff.ArriveAsync(await handoff.MintAsync());
    }
}
