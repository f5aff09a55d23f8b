using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Session;

public class TransportTests
{
    private static readonly Dictionary<string, string?> Stateless = new() { ["Sites:contoso:CookieMode"] = "Stateless" };

    [Fact]
    public async Task A_refresh_token_out_of_a_cookie_yields_nothing_in_a_body_and_the_session_lives()
    {
        await using var service = await StartAsync(Stateless);
        using var browser = await service.SignedInAsync();
        using var thief = service.NewBrowser();

        using var stolen = await thief.PostAsync(Contoso + "/refresh", new { refresh_token = browser.Cookie(Contoso, "__Host-rt") }, origin: null);

        await stolen.RefusedAsync(401, "session_ended");
        Assert.Contains(service.Log.Lines, l => l.Contains("issued for another transport", StringComparison.Ordinal));
        using var own = await browser.PostAsync(Contoso + "/refresh");
        Assert.Equal(200, (int)own.StatusCode);
    }

    [Fact]
    public async Task Signing_out_with_the_cookie_of_an_idle_root_ends_the_child_that_is_still_in_use()
    {
        await using var service = await StartAsync(new() { ["Sites:contoso:IdleLifetime"] = "1.00:00:00" });
        using var browser = await service.SignedInAsync();
        var url = $"{Fabrikam}/handoff/start?from=contoso&return_to={Uri.EscapeDataString(FabrikamApp + "/")}";
        for (var step = 0; step < 3; step++)
        {
            using var response = await browser.GetAsync(url);
            url = response.Headers.Location!.OriginalString;
        }

        service.Clock.Advance(TimeSpan.FromDays(2));
        using var refreshed = await browser.PostAsync(Fabrikam + "/refresh");
        Assert.Equal(200, (int)refreshed.StatusCode);
        using var idle = await browser.GetAsync(Contoso + "/sessions");
        await idle.RefusedAsync(401, "session_ended");

        using var logout = await browser.PostAsync(Contoso + "/logout");

        Assert.Equal(204, (int)logout.StatusCode);
        using var after = await browser.GetAsync(Fabrikam + "/session?fresh=1");
        await after.RefusedAsync(401, "session_ended");
    }
}
