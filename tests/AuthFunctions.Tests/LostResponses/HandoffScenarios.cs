using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Handoff;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.LostResponses;

/// <summary>Carrying a session to another root domain.</summary>
internal static class HandoffScenarios
{
    public static IEnumerable<Scenario> All() =>
    [
        new("HandoffAcceptor.RedeemAsync", "Users", Alone, ReturnToRootAsync),
        new("HandoffAcceptor.RedeemAsync#2", "Users", Picks.Adding("handoff_"), AcceptAsync),
        new("HandoffStore.BurnAsync", "Users", Alone, BurnAsync),
        new("HandoffAssertionGrant.RedeemAsync", "Users", Picks.Adding("handoff_"), RedeemAssertionAsync) { Settings = AssertionCeremony.Settings() },
    ];

    private static bool Alone(IReadOnlyList<Change> changes) => changes is [Change.Add] && Picks.Adding("handoff_")(changes);

    private static async Task<Request> AcceptAsync(TestService service)
    {
        var browser = await service.SignedInAsync();
        var userId = await SessionScenarios.UserIdAsync(browser);
        var url = await BeginAsync(browser, Contoso, Fabrikam, FabrikamApp);
        return new(
            () => browser.GetAsync(url),
            303,
            async (answer, _) =>
            {
                Assert.Equal(FabrikamApp + "/", answer.Headers.Location!.OriginalString);
                Assert.Equal(userId, await SessionScenarios.UserIdAsync(browser, Fabrikam));
                Assert.Equal(userId, await SessionScenarios.UserIdAsync(browser));
                Assert.Equal(2, (await service.RowsAsync(userId, "session_")).Count);
                Assert.Equal(2, (await service.EventsAsync(userId, "session_started")).Count);
                Assert.Single(await service.RowsAsync(userId, "handoff_"));
                Assert.Empty(await service.EventsAsync(userId, "session_ended"));
            });
    }

    private static async Task<Request> ReturnToRootAsync(TestService service)
    {
        var browser = await service.SignedInAsync();
        var userId = await SessionScenarios.UserIdAsync(browser);
        using var there = await browser.GetAsync(await BeginAsync(browser, Contoso, Fabrikam, FabrikamApp));
        Assert.Equal(FabrikamApp + "/", there.Headers.Location!.OriginalString);
        var url = await BeginAsync(browser, Fabrikam, Contoso, ContosoApp);
        return new(
            () => browser.GetAsync(url),
            303,
            async (answer, _) =>
            {
                Assert.Equal(ContosoApp + "/", answer.Headers.Location!.OriginalString);
                Assert.Equal(userId, await SessionScenarios.UserIdAsync(browser));
                Assert.Equal(2, (await service.RowsAsync(userId, "session_")).Count);
                Assert.Equal(2, (await service.RowsAsync(userId, "handoff_")).Count);
                Assert.Empty(await service.EventsAsync(userId, "session_ended"));
            });
    }

    private static async Task<Request> BurnAsync(TestService service)
    {
        var browser = await service.SignedInAsync();
        var userId = await SessionScenarios.UserIdAsync(browser);
        var url = await BeginAsync(browser, Contoso, Fabrikam, FabrikamApp);
        var thief = service.NewBrowser();
        return new(
            () => thief.GetAsync(url),
            400,
            async (_, _) =>
            {
                var burnt = Assert.Single(await service.RowsAsync(userId, "handoff_"));
                Assert.False(burnt.Columns.ContainsKey("SessionId"));
                using var late = await browser.GetAsync(url);
                Assert.Equal(FabrikamApp + "/?error=already_used", late.Headers.Location!.OriginalString);
                Assert.Single(await service.RowsAsync(userId, "session_"));
            });
    }

    private static async Task<Request> RedeemAssertionAsync(TestService service)
    {
        var person = await service.SignedInAsync();
        var userId = await SessionScenarios.UserIdAsync(person);
        var assertion = await person.AssertionAsync();
        return new(
            () => person.RedeemAssertionAsync(assertion),
            200,
            async (answer, course) =>
            {
                // The browser's session, the app's, and this one.
                var lost = course is { Landed: true, Repeated: true };
                Assert.Equal(lost ? 2 : 3, (await service.RowsAsync(userId, "session_")).Count);
                if (lost)
                {
                    await answer.RefusedAsync(400, "invalid_grant");
                    using var anew = await person.RedeemAssertionAsync(await person.AssertionAsync());
                    Assert.Equal(200, (int)anew.StatusCode);
                    return;
                }

                using var refreshed = await person.RefreshThereAsync((await answer.TextAsync("refresh_token"))!);
                Assert.Equal(200, (int)refreshed.StatusCode);
            })
        {
            RepeatStatus = course => course.Landed ? 400 : 200,
        };
    }

    /// <summary>Steps 1 and 2 of a handoff: the URL that the browser is to open next.</summary>
    private static async Task<string> BeginAsync(Browser browser, string source, string target, string app)
    {
        var from = source == Contoso ? "contoso" : "fabrikam";
        using var start = await browser.GetAsync($"{target}/handoff/start?from={from}&return_to={Uri.EscapeDataString(app + "/")}");
        Assert.Equal(303, (int)start.StatusCode);
        using var minted = await browser.GetAsync(start.Headers.Location!.OriginalString);
        Assert.Equal(303, (int)minted.StatusCode);
        return minted.Headers.Location!.OriginalString;
    }
}
