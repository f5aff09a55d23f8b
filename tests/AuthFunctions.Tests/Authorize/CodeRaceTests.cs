using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Races;
using static AuthFunctions.Tests.Authorize.Ceremony;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Authorize;

public class CodeRaceTests
{
    [Fact]
    public async Task Of_32_redemptions_at_once_one_wins_and_the_others_end_what_it_won()
    {
        await using var service = await StartOnAzuriteAsync();
        using var browser = await service.SignedInAsync();
        for (var round = 0; round < Crowd.Rounds; round++)
        {
            var code = await browser.CodeAsync(("scope", round % 2 == 0 ? "openid" : "openid offline_access"));

            var responses = await Task.WhenAll(Enumerable.Range(0, Crowd.Size).Select(_ => browser.RedeemAsync(code)));

            var winner = Assert.Single(responses, r => (int)r.StatusCode == 200);
            foreach (var loser in responses.Where(r => r != winner))
            {
                await loser.RefusedAsync(400, "invalid_grant");
            }

            using var refreshed = await browser.RefreshAsync((await winner.JsonAsync()).Text("refresh_token"));
            await refreshed.RefusedAsync(400, "invalid_grant");
        }
    }

    [Fact]
    public async Task Of_32_uses_of_a_pushed_request_at_once_one_wins()
    {
        await using var service = await StartOnAzuriteAsync();
        using var browser = await service.SignedInAsync();
        for (var round = 0; round < Crowd.Rounds; round++)
        {
            using var pushed = await browser.FormAsync(Contoso + "/par", null, Request());
            var requestUri = (await pushed.TextAsync("request_uri"))!;

            var responses = await Task.WhenAll(Enumerable.Range(0, Crowd.Size).Select(_ => browser.GetAsync(PushedRequestTests.PushedUrl(requestUri))));

            Assert.NotEmpty(Answered(Assert.Single(responses, r => (int)r.StatusCode == 303))["code"]);
            Assert.Equal(31, responses.Count(r => (int)r.StatusCode == 400));
        }
    }
}
