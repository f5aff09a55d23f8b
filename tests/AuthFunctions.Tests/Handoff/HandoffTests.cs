using System.Security.Cryptography;
using AuthFunctions.Tests.Fixtures;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>The valid ceremony: design.md section 4, steps 1 to 3.</summary>
public class HandoffTests(HandoffService shared) : IClassFixture<HandoffService>
{
    private readonly TestService service = shared.Service;

    [Fact]
    public async Task A_session_crosses_from_contoso_to_fabrikam_in_three_redirects()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var browser = handoff.Browser;
        var person = await handoff.PersonAtAsync(Contoso);

        // Step 1 binds the browser.
        var two = await handoff.StartAsync();
        var query = QueryHelpers.ParseQuery(new Uri(two).Query);
        var hash = query["nonce_hash"].ToString();
        Assert.Equal("fabrikam", query["to"]);
        Assert.Equal(["nonce_hash", "return_to", "to"], query.Keys.Order(StringComparer.Ordinal));
        var cookie = browser.Cookies[("auth.fabrikam.localhost", "__Host-handoff-" + hash[..8])];
        Assert.Equal(43, hash.Length);
        Assert.Equal(TimeSpan.FromMinutes(2), cookie.Attributes.MaxAge);
        Assert.True(cookie.Attributes is { Secure: true, HttpOnly: true, SameSite: SameSiteMode.Lax } && cookie.Attributes.Path == "/");
        Assert.DoesNotContain(hash, cookie.Value, StringComparison.Ordinal);
        Assert.Null(browser.Cookie(Fabrikam, "__Host-sid"));

        // Step 2 mints.
        var three = await handoff.MintAsync(two);
        var (header, _) = Forgery.Read(HandoffCeremony.TokenOf(three));
        Assert.Equal(["alg", "kid", "typ"], header.Select(h => h.Key));
        Assert.Equal(["ES256", service.Keys.Kid, "handoff+jwt"], header.Select(h => h.Value!.GetValue<string>()));
        var claims = HandoffCeremony.Claims(HandoffCeremony.TokenOf(three));
        Assert.Equal(
            ["amr", "aud", "auth_time", "exp", "iat", "iss", "jti", "nonce", "sid", "sub"],
            claims.EnumerateObject().Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.Equal("http://auth.contoso.localhost:7071", claims.GetProperty("iss").GetString());
        Assert.Equal("http://auth.fabrikam.localhost:7071/handoff/accept", claims.GetProperty("aud").GetString());
        Assert.Equal(person, claims.GetProperty("sub").GetString());
        Assert.Equal(hash, claims.GetProperty("nonce").GetString());
        Assert.Equal(10, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());

        // Step 3 redeems.
        await handoff.ArriveAsync(three);
        Assert.Equal(person, await handoff.PersonAtAsync(Fabrikam));
        Assert.Equal(person, await handoff.PersonAtAsync(Contoso));
        Assert.Empty(handoff.HandoffCookies());
    }

    [Fact]
    public async Task A_session_crosses_from_fabrikam_to_contoso()
    {
        using var handoff = await (await HandoffCeremony.SignedInAsync(service, Fabrikam, Contoso)).ArrivedAsync();

        Assert.NotNull(await handoff.PersonAtAsync(Contoso));
        Assert.Equal(await handoff.PersonAtAsync(Fabrikam), await handoff.PersonAtAsync(Contoso));
    }

    [Fact]
    public async Task Coming_back_where_the_sign_in_was_keeps_its_session_and_signs_no_second_token()
    {
        using var there = await (await HandoffCeremony.SignedInAsync(service)).ArrivedAsync();
        var (rows, sid) = (await there.RowsAsync(), there.Browser.Cookie(Contoso, "__Host-sid"));
        using var back = new HandoffCeremony(service, there.Browser, Fabrikam, Contoso);
        service.Keys.Reset();

        await back.ArrivedAsync();

        Assert.Equal(1, service.Keys.Signatures);
        Assert.Equal(sid, there.Browser.Cookie(Contoso, "__Host-sid"));
        Assert.Equal(rows.Select(r => r.Id), (await there.RowsAsync()).Select(r => r.Id));
        Assert.NotNull(await back.PersonAtAsync(Contoso));
        Assert.Equal(await back.PersonAtAsync(Contoso), await back.PersonAtAsync(Fabrikam));
    }

    [Fact]
    public async Task Coming_back_redeems_the_token_for_good()
    {
        using var there = await (await HandoffCeremony.SignedInAsync(service)).ArrivedAsync();
        using var back = new HandoffCeremony(service, there.Browser, Fabrikam, Contoso);
        var three = await back.MintAsync();
        using var copy = new HandoffCeremony(service, there.Browser.Copy(), Fabrikam, Contoso);
        await back.ArriveAsync(three);

        // The answer got lost: the same browser may ask again, and gets the same.
        await copy.ArriveAsync(three);
        await back.RefusedOnPageAsync(three);
        Assert.Equal(2, (await there.RowsAsync()).Count);
    }

    [Fact]
    public async Task Coming_back_without_the_first_cookies_makes_a_child_of_the_same_root()
    {
        using var there = await (await HandoffCeremony.SignedInAsync(service)).ArrivedAsync();
        var root = SidOf(there, Contoso);
        foreach (var key in there.Browser.Cookies.Keys.Where(k => k.Host.Contains("contoso", StringComparison.Ordinal)).ToList())
        {
            there.Browser.Cookies.Remove(key);
        }

        using var back = await new HandoffCeremony(service, there.Browser, Fabrikam, Contoso).ArrivedAsync();

        Assert.StartsWith(root + ".", SidOf(back, Contoso), StringComparison.Ordinal);
        Assert.NotEqual(SidOf(back, Fabrikam), SidOf(back, Contoso));
        Assert.Equal(await back.PersonAtAsync(Fabrikam), await back.PersonAtAsync(Contoso));
    }

    [Fact]
    public async Task A_link_in_an_app_of_the_source_bounces_through_step_1()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);

        var one = await HandoffCeremony.RedirectedAsync(await handoff.Browser.GetAsync(
            $"{Contoso}/handoff?to=fabrikam&return_to={Uri.EscapeDataString(handoff.ReturnTo)}"));

        Assert.Equal(new Uri(handoff.StartUrl()), new Uri(one));
        await handoff.ArriveAsync(await handoff.MintAsync(await HandoffCeremony.RedirectedAsync(await handoff.Browser.GetAsync(one))));
        Assert.NotNull(await handoff.PersonAtAsync(Fabrikam));
    }

    [Fact]
    public async Task A_link_that_names_no_place_leads_to_the_targets_home()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);

        Assert.Equal(FabrikamApp + "/", await handoff.Browser.FollowAsync(Contoso + "/handoff?to=fabrikam"));
    }

    [Fact]
    public async Task Whoever_has_to_sign_in_first_arrives_even_after_the_cookie_of_step_1_is_gone()
    {
        var email = NewEmail();
        using var registered = await service.SignedInAsync(email: email);
        using var handoff = new HandoffCeremony(service, service.NewBrowser());

        var signIn = await HandoffCeremony.RedirectedAsync(await handoff.Browser.GetAsync(await handoff.StartAsync()));
        Assert.StartsWith("/signin?return_to=%2Fhandoff%3Fto%3Dfabrikam%26return_to%3D", signIn, StringComparison.Ordinal);
        Assert.DoesNotContain("nonce", signIn, StringComparison.Ordinal);
        using var shown = await handoff.Browser.GetAsync(Contoso + signIn);
        service.Clock.Advance(TimeSpan.FromMinutes(3));
        using var signedIn = await handoff.Browser.SubmitAsync(
            Contoso + "/signin", await shown.Content.ReadAsStringAsync(), ("email", email), ("password", Password));

        Assert.Equal(303, (int)signedIn.StatusCode);
        Assert.Equal(handoff.ReturnTo, await handoff.Browser.FollowAsync(Contoso + signedIn.Headers.Location));
        Assert.NotNull(await handoff.PersonAtAsync(Fabrikam));
        Assert.Equal(await handoff.PersonAtAsync(Contoso), await handoff.PersonAtAsync(Fabrikam));
    }

    [Fact]
    public async Task The_nonce_never_leaves_the_cookie()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var three = await handoff.MintAsync();
        var nonce = HandoffCeremony.Claims(HandoffCeremony.TokenOf(three)).GetProperty("nonce").GetString()!;

        // A stranger who knows the hash, from either URL, has no cookie to go with it: sealing one needs the service's ring.
        var sealedByStranger = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(180));
        using var stranger = service.NewBrowser();
        using var request = new HttpRequestMessage(HttpMethod.Get, three);
        request.Headers.Add("Cookie", $"__Host-handoff-{nonce[..8]}={sealedByStranger}");
        using var refused = await stranger.SendAsync(request);

        await HandoffCeremony.AssertErrorPageAsync(refused, 400, "wrong_browser");
        Assert.Null(stranger.Cookie(Fabrikam, "__Host-sid"));
    }

    private static string SidOf(HandoffCeremony handoff, string site) =>
        HandoffCeremony.Claims(handoff.AccessToken(site)).GetProperty("sid").GetString()!;
}
