using AuthFunctions.Handoff;
using AuthFunctions.Tests.Pages;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary><c>Handoff:Confirm</c>: the click at the source, before a token is minted (ASVS 7.6.2).</summary>
public class HandoffConfirmTests
{
    private static readonly Dictionary<string, string?> Always = new() { ["Handoff:Confirm"] = "Always" };

    [Fact]
    public void A_click_is_asked_for_by_default_when_nothing_shows_that_a_person_came() =>
        Assert.Equal(HandoffConfirm.WhenUnprompted, new HandoffOptions().Confirm);

    [Theory]
    [InlineData("Never", null, false)]
    [InlineData("Never", "?0", false)]
    [InlineData("WhenUnprompted", "?1", false)]
    [InlineData("WhenUnprompted", null, true)]
    [InlineData("WhenUnprompted", "?0", true)]
    [InlineData("WhenUnprompted", "1", true)]
    [InlineData("Always", "?1", true)]
    [InlineData("Always", null, true)]
    public async Task The_mode_decides_with_the_navigation(string confirm, string? user, bool asks)
    {
        await using var service = await StartAsync(new() { ["Handoff:Confirm"] = confirm });
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        if (user is not null)
        {
            handoff.Browser.Headers["Sec-Fetch-User"] = user;
        }

        var two = await handoff.StartAsync();
        service.Keys.Reset();
        using var response = await handoff.Browser.GetAsync(two);

        Assert.Equal(asks ? 200 : 303, (int)response.StatusCode);
        Assert.Equal(asks ? 0 : 1, service.Keys.Signatures);
    }

    [Fact]
    public async Task The_click_page_names_sites_and_person_and_posting_it_mints()
    {
        await using var service = await StartAsync(Always);
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        using var shown = await handoff.Browser.GetAsync(await handoff.StartAsync());
        var page = await shown.Content.ReadAsStringAsync();
        Assert.Contains("You are signed in at Contoso as <strong>Test Person</strong>. Fabrikam asks to sign you in too.", page, StringComparison.Ordinal);
        Assert.Equal("same-origin", shown.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("no-store", shown.Headers.GetValues("Cache-Control").Single());
        Assert.Equal(
            PagePolicy.Start + " http://auth.contoso.localhost:7071 http://auth.fabrikam.localhost:7071 http://app.fabrikam.localhost:5173",
            shown.Headers.GetValues("Content-Security-Policy").Single());

        using var clicked = await handoff.Browser.SubmitAsync(Contoso + "/handoff", page);

        await handoff.ArriveAsync(await HandoffCeremony.RedirectedAsync(clicked));
    }

    [Fact]
    public async Task The_click_pages_form_may_lead_to_every_return_url()
    {
        await using var service = await StartAsync(new(Always) { ["Sites:fabrikam:ReturnUrls:0"] = "http://www.fabrikam.localhost:8080/welcome" });
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var two = await HandoffCeremony.RedirectedAsync(
            await handoff.Browser.GetAsync(handoff.StartUrl(returnTo: "http://www.fabrikam.localhost:8080/welcome")));

        using var shown = await handoff.Browser.GetAsync(two);

        Assert.EndsWith(" http://www.fabrikam.localhost:8080", shown.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csrf missing")]
    [InlineData("csrf of another browser")]
    [InlineData("foreign origin")]
    [InlineData("target's origin")]
    [InlineData("app's origin")]
    [InlineData("null origin")]
    [InlineData("no origin")]
    public async Task A_click_that_another_page_forged_mints_nothing(string how)
    {
        await using var service = await StartAsync(Always);
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var two = await handoff.StartAsync();
        using var shown = await handoff.Browser.GetAsync(two);
        using var other = await HandoffCeremony.SignedInAsync(service);
        using var otherShown = await other.Browser.GetAsync(two);
        var page = PageFields.Of(await shown.Content.ReadAsStringAsync());
        var stolen = PageFields.Of(await otherShown.Content.ReadAsStringAsync())["csrf"];
        service.Keys.Reset();

        using var forged = await handoff.Browser.SendAsync(PageFields.Post(Contoso + "/handoff", how switch
        {
            "csrf missing" => page.Where(f => f.Key != "csrf"),
            "csrf of another browser" => page.Where(f => f.Key != "csrf").Append(new("csrf", stolen)),
            _ => page,
        }, how switch
        {
            "foreign origin" => "http://evil.test",
            "target's origin" => Fabrikam,
            "app's origin" => ContosoApp,
            "null origin" => "null",
            "no origin" => null,
            _ => Contoso,
        }));

        await HandoffCeremony.AssertErrorPageAsync(forged, 403, "cross_site");
        Assert.Equal(0, service.Keys.Signatures);
        using var genuine = await handoff.Browser.SendAsync(PageFields.Post(Contoso + "/handoff", page, Contoso));
        await handoff.ArriveAsync(await HandoffCeremony.RedirectedAsync(genuine));
    }

    [Theory]
    [InlineData("nonce_hash", "short", "nonce_hash must be the base64url SHA-256 of a nonce.")]
    [InlineData("to", "contoso", "to must name a site that this one hands sessions to.")]
    [InlineData("prompt", "login", "prompt may be none.")]
    public async Task A_click_is_checked_like_the_navigation_before_it(string field, string value, string reason)
    {
        await using var service = await StartAsync(Always);
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        using var shown = await handoff.Browser.GetAsync(await handoff.StartAsync());
        service.Keys.Reset();

        using var refused = await handoff.Browser.SubmitAsync(Contoso + "/handoff", await shown.Content.ReadAsStringAsync(), (field, value));

        await HandoffCeremony.AssertErrorPageAsync(refused, 400, "invalid_request");
        handoff.AssertLogged("Refused with 400 invalid_request: " + reason);
        Assert.Equal(0, service.Keys.Signatures);
    }

    [Fact]
    public async Task Whoever_clicks_after_the_session_ended_signs_in_and_still_arrives_where_the_app_asked()
    {
        await using var service = await StartAsync(Always);
        var email = NewEmail();
        using var handoff = new HandoffCeremony(service, await service.SignedInAsync(email: email));
        using var shown = await handoff.Browser.GetAsync(await handoff.StartAsync());
        using var copy = handoff.Browser.Copy();
        using var logout = await copy.PostAsync(Contoso + "/logout");

        var signIn = await HandoffCeremony.RedirectedAsync(await handoff.Browser.SubmitAsync(Contoso + "/handoff", await shown.Content.ReadAsStringAsync()));
        using var form = await handoff.Browser.GetAsync(Contoso + signIn);
        using var signedIn = await handoff.Browser.SubmitAsync(
            Contoso + "/signin", await form.Content.ReadAsStringAsync(), ("email", email), ("password", Password));
        var one = await HandoffCeremony.RedirectedAsync(await handoff.Browser.GetAsync(Contoso + signedIn.Headers.Location));

        Assert.Equal(new Uri(handoff.StartUrl()), new Uri(one));
    }
}
