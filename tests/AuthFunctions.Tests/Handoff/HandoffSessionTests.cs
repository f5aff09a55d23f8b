using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>The child session: what it inherits, and that it ends with its root.</summary>
public class HandoffSessionTests(HandoffService shared) : IClassFixture<HandoffService>
{
    private readonly TestService service = shared.Service;

    [Fact]
    public async Task The_child_inherits_when_how_and_how_long_and_has_an_id_of_its_own()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var root = HandoffCeremony.Claims(handoff.AccessToken(Contoso));
        service.Clock.Advance(TimeSpan.FromHours(1));
        await handoff.ArrivedAsync();

        var child = HandoffCeremony.Claims(handoff.AccessToken(Fabrikam));
        foreach (var inherited in new[] { "sub", "auth_time", "amr", "session_expires_at", "client_id", "scope" })
        {
            Assert.Equal(root.GetProperty(inherited).GetRawText(), child.GetProperty(inherited).GetRawText());
        }

        Assert.Equal("""["pwd"]""", child.GetProperty("amr").GetRawText());
        Assert.Equal(3600, child.GetProperty("iat").GetInt64() - child.GetProperty("auth_time").GetInt64());
        Assert.StartsWith(root.GetProperty("sid").GetString() + ".", child.GetProperty("sid").GetString(), StringComparison.Ordinal);
        Assert.Equal(Fabrikam, child.GetProperty("iss").GetString());
        Assert.Equal(Fabrikam, child.GetProperty("aud").GetString());
        Assert.Equal(
            TimeSpan.FromDays(90) - TimeSpan.FromHours(1),
            handoff.Browser.Cookies[("auth.fabrikam.localhost", "__Host-sid")].Attributes.MaxAge);
    }

    [Fact]
    public async Task The_child_ends_with_the_absolute_life_of_its_root()
    {
        await using var brief = await StartAsync(new() { ["Sites:contoso:AbsoluteLifetime"] = "02:00:00" });
        using var handoff = await HandoffCeremony.SignedInAsync(brief);
        brief.Clock.Advance(TimeSpan.FromHours(1));
        await handoff.ArrivedAsync();
        var sid = handoff.Browser.Cookie(Fabrikam, "__Host-sid");

        brief.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        using (var alive = await SessionsAsync(handoff.Browser, sid))
        {
            Assert.Equal(200, (int)alive.StatusCode);
        }

        brief.Clock.Advance(TimeSpan.FromSeconds(1));
        using var dead = await SessionsAsync(handoff.Browser, sid);
        await dead.RefusedAsync(401, "session_ended");
    }

    [Theory]
    [InlineData(Contoso)]
    [InlineData(Fabrikam)]
    public async Task Both_sites_list_one_sign_in(string site)
    {
        using var handoff = await (await HandoffCeremony.SignedInAsync(service)).ArrivedAsync();

        using var response = await handoff.Browser.GetAsync(site + "/sessions");

        var tree = (await response.JsonAsync()).GetProperty("sessions").EnumerateArray().Single();
        Assert.Equal("""["contoso","fabrikam"]""", tree.GetProperty("sites").GetRawText());
        Assert.True(tree.GetProperty("current").GetBoolean());
        Assert.Equal(HandoffCeremony.Claims(handoff.AccessToken(Contoso)).GetProperty("sid").GetString(), tree.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(Contoso)]
    [InlineData(Fabrikam)]
    public async Task Signing_out_at_either_site_ends_both(string site)
    {
        using var handoff = await (await HandoffCeremony.SignedInAsync(service)).ArrivedAsync();
        using var thief = handoff.Browser.Copy();
        Assert.NotNull(await HandoffCeremony.PersonAtAsync(thief, Contoso));
        Assert.NotNull(await HandoffCeremony.PersonAtAsync(thief, Fabrikam));

        using var response = await handoff.Browser.PostAsync(site + "/logout");

        Assert.Equal(204, (int)response.StatusCode);
        await AssertEndedAsync(thief);
    }

    [Theory]
    [InlineData(Contoso, false)]
    [InlineData(Fabrikam, false)]
    [InlineData(Contoso, true)]
    [InlineData(Fabrikam, true)]
    public async Task Ending_the_listed_session_from_another_device_ends_both(string site, bool byChild)
    {
        var email = NewEmail();
        using var handoff = await new HandoffCeremony(service, await service.SignedInAsync(email: email)).ArrivedAsync();
        using var other = service.NewBrowser();
        using var login = await other.PostAsync(site + "/login", new { email, password = Password });
        var id = HandoffCeremony.Claims(handoff.AccessToken(byChild ? Fabrikam : Contoso)).GetProperty("sid").GetString();

        using var response = await other.DeleteAsync($"{site}/sessions/{id}");

        Assert.Equal(204, (int)response.StatusCode);
        await AssertEndedAsync(handoff.Browser);
        Assert.NotNull(await HandoffCeremony.PersonAtAsync(other, site));
    }

    [Fact]
    public async Task A_child_that_is_idle_ends_alone_and_a_root_that_is_idle_does_not_end_a_child_in_use()
    {
        await using var brief = await StartAsync(new() { ["Sites:contoso:IdleLifetime"] = "01:00:00" });
        using var handoff = await (await HandoffCeremony.SignedInAsync(brief)).ArrivedAsync();
        brief.Clock.Advance(TimeSpan.FromHours(1));

        using var source = await handoff.Browser.GetAsync(Contoso + "/sessions");
        using var target = await handoff.Browser.GetAsync(Fabrikam + "/sessions");

        await source.RefusedAsync(401, "session_ended");
        Assert.Equal(200, (int)target.StatusCode);
    }

    private static async Task AssertEndedAsync(Browser browser)
    {
        foreach (var site in new[] { Contoso, Fabrikam })
        {
            Assert.NotNull(browser.Cookie(site, "__Host-sid"));
            Assert.Null(await HandoffCeremony.PersonAtAsync(browser, site));
            using var list = await browser.GetAsync(site + "/sessions");
            await list.RefusedAsync(401, "session_ended");
        }
    }

    /// <summary>With the cookie as it was, whatever the browser would have dropped by now.</summary>
    private static Task<HttpResponseMessage> SessionsAsync(Browser browser, string? sid)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Fabrikam + "/sessions");
        request.Headers.Add("Cookie", "__Host-sid=" + sid);
        return browser.SendAsync(request);
    }
}
