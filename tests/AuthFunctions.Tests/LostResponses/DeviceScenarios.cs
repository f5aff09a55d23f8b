using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Device;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.LostResponses;

/// <summary>Letting a device in. One whose answer with the tokens was lost begins anew; what was issued is ended.</summary>
internal static class DeviceScenarios
{
    public static IEnumerable<Scenario> All() =>
    [
        new("DeviceCodeStore.TryAddAsync", "DeviceCodes", Picks.Adding("request"), AskAsync),
        new("DeviceCodeStore.TryReplaceAsync", "DeviceCodes", Picks.Replacing("request"), service => AllowAsync(service)),
        new("DeviceDesk.AllowAsync", "Users", Picks.Adding("device_"), service => AllowAsync(service)),
        new("DeviceCodeGrant.TryRedeemAsync", "Users", Picks.Replacing("device_"), RedeemAsync),
    ];

    private static async Task<Request> AskAsync(TestService service)
    {
        var person = await service.SignedInAsync();
        return new(
            () => person.AskToBeLetInAsync(),
            200,
            async (answer, _) =>
            {
                var body = await answer.JsonAsync();
                await person.AllowAsync(Ceremony.Text(body, "user_code"));
                using var poll = await person.PollAsync(Ceremony.Text(body, "device_code"));
                Assert.Equal(200, (int)poll.StatusCode);
            });
    }

    private static async Task<Request> AllowAsync(TestService service)
    {
        var person = await service.SignedInAsync();
        var userId = await person.UserIdAsync();
        var waiting = await person.WaitAsync();
        using var page = await person.TypeAsync(waiting.UserCode);
        var html = await page.Content.ReadAsStringAsync();
        return new(
            () => person.SubmitAsync(Contoso + "/device", html, ("choice", "allow")),
            200,
            async (_, _) =>
            {
                Assert.Equal(2, (await service.RowsAsync(userId, "session_")).Count);
                Assert.Equal(2, (await service.EventsAsync(userId, "session_started")).Count);
                using var poll = await person.PollAsync(waiting.DeviceCode);
                Assert.Equal(200, (int)poll.StatusCode);
            });
    }

    private static async Task<Request> RedeemAsync(TestService service)
    {
        var person = await service.SignedInAsync();
        var userId = await person.UserIdAsync();
        var waiting = await person.WaitAsync();
        await person.AllowAsync(waiting.UserCode);
        return new(
            () => person.PollAsync(waiting.DeviceCode),
            200,
            async (answer, course) =>
            {
                var lost = course is { Landed: true, Repeated: true };
                Assert.Equal(lost ? 1 : 2, (await service.RowsAsync(userId, "session_")).Count);
                if (lost)
                {
                    await answer.RefusedAsync(400, "invalid_grant");
                    Assert.NotEmpty(Ceremony.Text(await service.DeviceTokensAsync(person), "access_token"));
                    return;
                }

                using var refreshed = await person.RefreshAsync((await answer.TextAsync("refresh_token"))!, "demo-device");
                Assert.Equal(200, (int)refreshed.StatusCode);
            })
        {
            RepeatStatus = course => course.Landed ? 400 : 200,
        };
    }
}
