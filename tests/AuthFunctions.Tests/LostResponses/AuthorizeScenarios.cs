using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.LostResponses;

/// <summary>Codes and pushed requests. A code or a request whose use cannot be confirmed is used: the client begins again, and nothing is left over.</summary>
internal static class AuthorizeScenarios
{
    public static IEnumerable<Scenario> All() =>
    [
        new("CodeIssuer.IssueAsync", "Users", Picks.Adding("code_"), IssueAsync),
        new("AuthorizationCodeGrant.TryRedeemAsync", "Users", Picks.Replacing("code_"), RedeemAsync),
        new("PushedRequestStore.AddAsync", "PushedRequests", Picks.Adding("request"), PushAsync),
        new("PushedRequestStore.TakeAsync", "PushedRequests", Picks.Replacing("request"), TakeAsync),
        new("ConsentWithdrawal.WithdrawAsync", "Users", Picks.Deleting("consent_"), WithdrawAsync),
    ];

    private static async Task<Request> IssueAsync(TestService service)
    {
        var browser = await service.SignedInAsync();
        return new(
            () => browser.AuthorizeAsync(),
            303,
            async (answer, course) =>
            {
                using var redeemed = await browser.RedeemAsync(Ceremony.Answered(answer)["code"]);
                Assert.Equal(200, (int)redeemed.StatusCode);
                var userId = await SessionScenarios.UserIdAsync(browser);
                Assert.Equal(course.Times, (await service.RowsAsync(userId, "code_")).Count);
                Assert.Equal(2, (await service.RowsAsync(userId, "session_")).Count);
            });
    }

    private static async Task<Request> RedeemAsync(TestService service)
    {
        var browser = await service.SignedInAsync();
        var userId = await SessionScenarios.UserIdAsync(browser);
        var code = await browser.CodeAsync();
        return new(
            () => browser.RedeemAsync(code),
            200,
            async (answer, course) =>
            {
                var lost = course is { Landed: true, Repeated: true };
                Assert.Equal(lost ? 1 : 2, (await service.RowsAsync(userId, "session_")).Count);
                if (lost)
                {
                    await answer.RefusedAsync(400, "invalid_grant");
                    using var anew = await browser.RedeemAsync(await browser.CodeAsync());
                    Assert.Equal(200, (int)anew.StatusCode);
                    return;
                }

                using var refreshed = await browser.RefreshAsync((await answer.TextAsync("refresh_token"))!);
                Assert.Equal(200, (int)refreshed.StatusCode);
            })
        {
            // The code came twice, and who brought it first cannot be told: what it issued is ended (RFC 6749 §4.1.2).
            RepeatStatus = course => course.Landed ? 400 : 200,
        };
    }

    private static async Task<Request> PushAsync(TestService service)
    {
        var browser = await service.SignedInAsync();
        return new(
            () => browser.FormAsync(Contoso + "/par", null, Ceremony.Request()),
            201,
            async (answer, _) =>
            {
                using var used = await browser.GetAsync(PushedRequestTests.PushedUrl((await answer.TextAsync("request_uri"))!));
                Assert.NotEmpty(Ceremony.Answered(used)["code"]);
            });
    }

    private static async Task<Request> TakeAsync(TestService service)
    {
        var browser = await service.SignedInAsync();
        using var pushed = await browser.FormAsync(Contoso + "/par", null, Ceremony.Request());
        var url = PushedRequestTests.PushedUrl((await pushed.TextAsync("request_uri"))!);
        return new(
            () => browser.GetAsync(url),
            303,
            async (answer, course) =>
            {
                if (course is { Landed: true, Repeated: true })
                {
                    await Ceremony.ShownAsync(answer, 400, "invalid_request");
                }
                else
                {
                    Assert.NotEmpty(Ceremony.Answered(answer)["code"]);
                }
            })
        {
            RepeatStatus = course => course.Landed ? 400 : 303,
        };
    }

    private static async Task<Request> WithdrawAsync(TestService service)
    {
        var browser = await service.SignedInAsync();
        var userId = await SessionScenarios.UserIdAsync(browser);
        var refreshToken = await ConsentWithdrawalTests.GrantAsync(browser, "openid");
        return new(
            () => browser.DeleteAsync(Contoso + "/consents/demo-partner"),
            204,
            async (_, _) =>
            {
                using var refreshed = await browser.RefreshAsync(refreshToken, "demo-partner");
                await refreshed.RefusedAsync(400, "invalid_grant");
                Assert.Empty(await service.RowsAsync(userId, "consent_"));
                Assert.Single(await service.RowsAsync(userId, "session_"));
                Assert.Single(await service.EventsAsync(userId, "consent_withdrawn"));
                Assert.Single(await service.EventsAsync(userId, "session_ended"));
            })
        {
            // It is gone, which was the point.
            RepeatStatus = course => course.Landed ? 404 : 204,
        };
    }
}
