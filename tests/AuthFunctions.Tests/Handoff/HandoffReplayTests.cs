using System.Security.Cryptography;
using AuthFunctions.Handoff;
using AuthFunctions.Tests.Fixtures;
using Microsoft.AspNetCore.WebUtilities;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>One token, one browser, one session.</summary>
public class HandoffReplayTests(HandoffService shared) : IClassFixture<HandoffService>
{
    private readonly TestService service = shared.Service;

    [Fact]
    public async Task A_lost_answer_repeated_by_the_same_browser_gives_the_same_session()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var three = await handoff.MintAsync();
        using var lost = new HandoffCeremony(service, handoff.Browser.Copy());
        await lost.ArriveAsync(three);
        service.Clock.Advance(TimeSpan.FromSeconds(9));

        await handoff.ArriveAsync(three);

        Assert.Equal(lost.Browser.Cookie(Fabrikam, "__Host-sid"), handoff.Browser.Cookie(Fabrikam, "__Host-sid"));
        Assert.Equal(2, (await handoff.RowsAsync()).Count);
        Assert.NotNull(await handoff.PersonAtAsync(Fabrikam));
    }

    [Fact]
    public async Task A_lost_answer_repeated_when_the_token_has_expired_is_refused_and_changes_nothing()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var three = await handoff.MintAsync();
        using var lost = new HandoffCeremony(service, handoff.Browser.Copy());
        await lost.ArriveAsync(three);
        service.Clock.Advance(TimeSpan.FromSeconds(10));

        await handoff.RefusedToAppAsync(three, "token_expired", "handoff token: expired");

        Assert.NotNull(await lost.PersonAtAsync(Fabrikam));
        Assert.Equal(2, (await handoff.RowsAsync()).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public async Task The_same_browser_that_has_arrived_cannot_redeem_again(int seconds)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var three = await handoff.MintAsync();
        await handoff.ArriveAsync(three);
        service.Clock.Advance(TimeSpan.FromSeconds(seconds));

        await handoff.RefusedOnPageAsync(three);

        Assert.NotNull(await handoff.PersonAtAsync(Fabrikam));
        Assert.Equal(2, (await handoff.RowsAsync()).Count);
    }

    [Fact]
    public async Task Another_browser_cannot_redeem_again_and_changes_nothing()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var three = await handoff.MintAsync();
        await handoff.ArriveAsync(three);
        using var thief = new HandoffCeremony(service, service.NewBrowser());

        await thief.RefusedOnPageAsync(three);

        Assert.Empty(thief.Browser.Cookies);
        Assert.NotNull(await handoff.PersonAtAsync(Fabrikam));
        Assert.Equal(2, (await handoff.RowsAsync()).Count);
    }

    [Fact]
    public async Task A_token_that_turns_up_in_another_browser_is_burnt_for_its_owner_too()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var three = await handoff.MintAsync();
        using var thief = new HandoffCeremony(service, service.NewBrowser());

        await thief.RefusedOnPageAsync(three);
        await handoff.RefusedToAppAsync(three, "already_used", "handoff token: used or burnt before");

        Assert.Empty(thief.Browser.Cookies);
        Assert.Single(await handoff.RowsAsync());
        Assert.Null((await RowOfAsync(three))!.SessionId);
    }

    [Fact]
    public async Task A_browser_with_a_handoff_of_its_own_under_way_is_another_browser_too()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        using var thief = await HandoffCeremony.SignedInAsync(service);
        var (three, own) = (await handoff.MintAsync(), await thief.MintAsync());

        await thief.RefusedOnPageAsync(three);
        await handoff.RefusedToAppAsync(three, "already_used", "handoff token: used or burnt before");
        await thief.ArriveAsync(own);
    }

    [Fact]
    public async Task A_cookie_under_the_name_of_anothers_nonce_does_not_pass_for_it()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        using var thief = await HandoffCeremony.SignedInAsync(service);
        var three = await handoff.MintAsync();
        await thief.StartAsync();
        var (wanted, had) = (handoff.HandoffCookies().Single(), thief.HandoffCookies().Single());
        thief.Browser.Cookies[("auth.fabrikam.localhost", wanted)] = thief.Browser.Cookies[("auth.fabrikam.localhost", had)];

        await thief.RefusedOnPageAsync(three);
        Assert.Null(thief.Browser.Cookie(Fabrikam, "__Host-sid"));
    }

    [Fact]
    public async Task A_token_with_another_nonce_is_refused()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var (header, claims) = Forgery.Read(HandoffCeremony.TokenOf(await handoff.MintAsync()));
        claims["nonce"] = WebEncoders.Base64UrlEncode(SHA256.HashData(RandomNumberGenerator.GetBytes(32)));

        await handoff.RefusedOnPageAsync(handoff.AcceptUrl(Forgery.Sign(service.Keys, header, claims)));
        Assert.Single(await handoff.RowsAsync());
    }

    [Fact]
    public async Task A_nonce_hash_that_an_attacker_planted_brings_neither_of_them_in()
    {
        using var attacker = await HandoffCeremony.SignedInAsync(service);
        using var victim = await HandoffCeremony.SignedInAsync(service);
        var planted = await attacker.StartAsync();

        // The victim follows the attacker's link to step 2, whose answer leads the victim's browser on to step 3.
        var three = await victim.MintAsync(planted);
        await victim.RefusedOnPageAsync(three);

        // And should the attacker learn the token, the cookie that goes with it comes too late.
        await attacker.RefusedToAppAsync(three, "already_used", "handoff token: used or burnt before");
        Assert.Null(attacker.Browser.Cookie(Fabrikam, "__Host-sid"));
    }

    [Fact]
    public async Task An_attacker_cannot_sign_a_victim_in_as_the_attacker()
    {
        using var attacker = await HandoffCeremony.SignedInAsync(service);
        var three = await attacker.MintAsync();
        using var victim = new HandoffCeremony(service, service.NewBrowser());

        await victim.RefusedOnPageAsync(three);
        Assert.Empty(victim.Browser.Cookies);
    }

    [Fact]
    public async Task What_is_not_genuine_or_has_expired_burns_nothing()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        using var thief = new HandoffCeremony(service, service.NewBrowser());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var three = await handoff.MintAsync();
        var (header, claims) = Forgery.Read(HandoffCeremony.TokenOf(three));

        await thief.RefusedOnPageAsync(thief.AcceptUrl(Forgery.Sign(key, header, claims)));
        Assert.Null(await RowOfAsync(three));
        await handoff.ArriveAsync(three);

        var old = await (await HandoffCeremony.SignedInAsync(service)).MintAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(10));
        await thief.RefusedOnPageAsync(old);
        Assert.Null(await RowOfAsync(old));
    }

    [Theory]
    [InlineData(119, true)]
    [InlineData(120, false)]
    public async Task The_handoff_cookie_counts_for_two_minutes_however_long_the_browser_keeps_it(int seconds, bool arrives)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var two = await handoff.StartAsync();
        var name = handoff.HandoffCookies().Single();
        var kept = handoff.Browser.Cookie(Fabrikam, name);
        service.Clock.Advance(TimeSpan.FromSeconds(seconds));
        using var request = new HttpRequestMessage(HttpMethod.Get, await handoff.MintAsync(two));
        request.Headers.Add("Cookie", $"{name}={kept}");

        using var response = await handoff.Browser.SendAsync(request);

        Assert.Equal(arrives ? 303 : 400, (int)response.StatusCode);
        Assert.Equal(arrives, handoff.Browser.Cookie(Fabrikam, "__Host-sid") is not null);
    }

    [Fact]
    public async Task A_tampered_handoff_cookie_counts_for_nothing()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var three = await handoff.MintAsync();
        var key = ("auth.fabrikam.localhost", handoff.HandoffCookies().Single());
        var cookie = handoff.Browser.Cookies[key];
        handoff.Browser.Cookies[key] = cookie with { Value = cookie.Value[..^1] + (cookie.Value[^1] == 'A' ? 'Q' : 'A') };

        await handoff.RefusedOnPageAsync(three);
    }

    [Fact]
    public async Task A_token_is_not_consumed_while_the_vault_cannot_sign()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var three = await handoff.MintAsync();
        service.Keys.Unreachable = true;
        using (var outage = await handoff.Browser.GetAsync(three))
        {
            await outage.RefusedAsync(503, "unavailable");
            HandoffCeremony.AssertUnread(outage);
            HandoffCeremony.AssertNoSession(outage);
        }

        service.Keys.Unreachable = false;
        Assert.Null(await RowOfAsync(three));
        await handoff.ArriveAsync(three);
    }

    private Task<HandoffRow?> RowOfAsync(string three)
    {
        var claims = HandoffCeremony.Claims(HandoffCeremony.TokenOf(three));
        return service.Get<HandoffStore>().FindAsync(claims.GetProperty("sub").GetString()!, claims.GetProperty("jti").GetString()!, CancellationToken.None);
    }
}
