using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary><c>prompt=none</c>: an app asks without showing anything; and what a source may report.</summary>
public class HandoffSilentTests(HandoffService shared) : IClassFixture<HandoffService>
{
    private const string Silent = "&prompt=none";

    private readonly TestService service = shared.Service;

    [Fact]
    public async Task With_a_session_at_the_source_it_arrives()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);

        Assert.Equal(handoff.ReturnTo, await handoff.Browser.FollowAsync(handoff.StartUrl(more: Silent)));
        Assert.NotNull(await handoff.PersonAtAsync(Fabrikam));
    }

    [Fact]
    public async Task Without_a_session_the_app_hears_login_required_and_nothing_is_shown()
    {
        using var handoff = new HandoffCeremony(service, service.NewBrowser());

        // FollowAsync fails at a page and at a loop.
        Assert.Equal(handoff.ReturnTo + "&error=login_required", await handoff.Browser.FollowAsync(handoff.StartUrl(more: Silent)));
        Assert.Empty(handoff.Browser.Cookies);
    }

    [Fact]
    public async Task A_silent_link_in_an_app_of_the_source_stays_silent()
    {
        using var handoff = new HandoffCeremony(service, service.NewBrowser());

        Assert.Equal(
            FabrikamApp + "/?error=login_required", await handoff.Browser.FollowAsync(Contoso + "/handoff?to=fabrikam&prompt=none"));
    }

    [Theory]
    [InlineData("Always", "?1")]
    [InlineData("WhenUnprompted", null)]
    public async Task Where_a_click_is_needed_the_app_hears_interaction_required(string confirm, string? user)
    {
        await using var asking = await StartAsync(new() { ["Handoff:Confirm"] = confirm });
        using var handoff = await HandoffCeremony.SignedInAsync(asking);
        asking.Keys.Reset();
        if (user is not null)
        {
            handoff.Browser.Headers["Sec-Fetch-User"] = user;
        }

        Assert.Equal(handoff.ReturnTo + "&error=interaction_required", await handoff.Browser.FollowAsync(handoff.StartUrl(more: Silent)));
        Assert.Equal(0, asking.Keys.Signatures);
        Assert.Empty(handoff.HandoffCookies());
    }

    [Fact]
    public async Task A_report_without_the_cookie_is_an_error_page()
    {
        using var handoff = new HandoffCeremony(service, service.NewBrowser());
        var report = await HandoffCeremony.RedirectedAsync(await handoff.Browser.GetAsync(await handoff.StartAsync(Silent)));
        Assert.StartsWith(Fabrikam + "/handoff/accept?error=login_required&nonce_hash=", report, StringComparison.Ordinal);
        using var other = new HandoffCeremony(service, service.NewBrowser());

        await other.RefusedOnPageAsync(report, code: "invalid_request", reason: "This address needs a token, in the browser that began.");

        // For the browser that began it works, once.
        Assert.Equal(handoff.ReturnTo + "&error=login_required", await handoff.Browser.FollowAsync(report));
        await handoff.RefusedOnPageAsync(report, code: "invalid_request", reason: "This address needs a token, in the browser that began.");
    }

    [Theory]
    [InlineData("access_denied")]
    [InlineData("LOGIN_REQUIRED")]
    [InlineData("login_required%20")]
    [InlineData("%3Cscript%3E")]
    [InlineData("")]
    public async Task An_error_that_no_source_reports_is_not_passed_on(string error)
    {
        using var handoff = new HandoffCeremony(service, service.NewBrowser());
        var report = await HandoffCeremony.RedirectedAsync(await handoff.Browser.GetAsync(await handoff.StartAsync(Silent)));

        await handoff.RefusedOnPageAsync(
            report.Replace("login_required", error, StringComparison.Ordinal), code: "invalid_request",
            reason: "This address needs a token, in the browser that began.");
        Assert.Single(handoff.HandoffCookies());
    }

    [Theory]
    [InlineData("login")]
    [InlineData("NONE")]
    [InlineData("none%20login")]
    public async Task No_other_prompt_is_known(string prompt)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var two = await handoff.StartAsync(Silent);
        handoff.Browser.Cookies.Remove(("auth.fabrikam.localhost", handoff.HandoffCookies().Single()));

        await handoff.RefusedOnPageAsync(handoff.StartUrl(more: "&prompt=" + prompt), code: "invalid_request", reason: "prompt may be none.");
        await handoff.RefusedOnPageAsync(
            two.Replace("prompt=none", "prompt=" + prompt, StringComparison.Ordinal), code: "invalid_request", reason: "prompt may be none.");
        Assert.Empty(handoff.HandoffCookies());
    }
}
