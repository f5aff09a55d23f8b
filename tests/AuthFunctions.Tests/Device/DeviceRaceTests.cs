using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Races;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Device;

public class DeviceRaceTests
{
    [Fact]
    public async Task Of_32_polls_at_once_one_wins_and_the_others_end_what_it_won()
    {
        await using var service = await StartOnAzuriteAsync();
        using var person = await service.SignedInAsync();
        var userId = await person.UserIdAsync();
        for (var round = 0; round < Crowd.Rounds; round++)
        {
            var waiting = await person.WaitAsync();
            await person.AllowAsync(waiting.UserCode);

            var responses = await Crowd.AtOnceAsync(Crowd.Size, _ => person.PollAsync(waiting.DeviceCode));

            var winner = Assert.Single(responses, r => (int)r.StatusCode == 200);
            foreach (var loser in responses.Where(r => r != winner))
            {
                await loser.RefusedAsync(400, "invalid_grant");
            }

            using var refreshed = await person.RefreshAsync((await winner.TextAsync("refresh_token"))!, "demo-device");
            await refreshed.RefusedAsync(400, "invalid_grant");
            Assert.Single(await service.RowsAsync(userId, "session_"));
        }
    }

    [Fact]
    public async Task Of_many_answers_at_once_there_is_one_session()
    {
        await using var service = await StartOnAzuriteAsync();
        using var person = await service.SignedInAsync();
        var userId = await person.UserIdAsync();
        var waiting = await person.WaitAsync();
        using var page = await person.TypeAsync(waiting.UserCode);
        var html = await page.Content.ReadAsStringAsync();

        var answers = await Crowd.AtOnceAsync(8, _ => person.SubmitAsync(Contoso + "/device", html, ("choice", "allow")));

        Assert.All(answers, a => Assert.Equal(200, (int)a.StatusCode));
        Assert.Equal(2, (await service.RowsAsync(userId, "session_")).Count);
        using var poll = await person.PollAsync(waiting.DeviceCode);
        Assert.Equal(200, (int)poll.StatusCode);
    }
}
