using System.Text.Json;
using AuthFunctions.Outbox;
using AuthFunctions.Sessions;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Device;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;
using OAuthCalls = AuthFunctions.Tests.Tokens.OAuthCalls;

namespace AuthFunctions.Tests.Races;

public class LogoutNoticeRaceTests
{
    private const int Endings = 7;

    [Fact]
    public async Task However_many_endings_overlap_each_session_is_told_of_once_and_none_is_forgotten()
    {
        await using var service = await StartOnAzuriteAsync(new()
        {
            ["Clients:0:BackchannelLogoutUri"] = "http://127.0.0.1:9/",
            ["Clients:1:BackchannelLogoutUri"] = "http://127.0.0.1:9/",
        });

        for (var round = 0; round < Crowd.Rounds / 2; round++)
        {
            using var browser = await service.SignedInAsync();
            var userId = await browser.UserIdAsync();
            var spa = await browser.TokensAsync();
            using var rotated = await browser.RefreshAsync(spa.Text("refresh_token"));
            service.Clock.Advance(TimeSpan.FromSeconds(11));
            var web = await RedeemAsync(browser, await browser.CodeAsync(("client_id", "demo-web")));
            var late = await browser.CodeAsync(("client_id", "demo-web"));
            using var me = await browser.GetAsync(Contoso + "/session");
            var own = (await me.JsonAsync()).GetProperty("session").Text("id");
            var tabs = Enumerable.Range(0, Endings).Select(_ => browser.Copy()).ToArray();

            // Overlapping endings of the client's session, of the tree and of everything, and a grant that may come in time or not.
            var redeemed = await Crowd.AtOnceAsync(Endings, async i =>
            {
                using var tab = tabs[i];
                if (i == Endings - 1)
                {
                    return await RedeemAsync(tab, late);
                }

                using var answer = await (((i + round) % (Endings - 1)) switch
                {
                    0 => tab.RefreshAsync(spa.Text("refresh_token")),
                    1 or 2 => tab.PostAsync(Contoso + "/logout"),
                    3 => tab.DeleteAsync($"{Contoso}/sessions/{own}"),
                    4 => tab.PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password }),
                    _ => tab.PostAsync(Contoso + "/logout/all"),
                });
                return default;
            });

            using var operators = await OAuthCalls.OperatorAsync(service);
            using var all = await operators.DeleteAsync($"{Contoso}/manage/users/{userId}/sessions");
            Assert.Equal(204, (int)all.StatusCode);
            var granted = redeemed.Where(r => r.ValueKind == JsonValueKind.Object && r.TryGetProperty("id_token", out _));
            Assert.Equal(granted.Append(spa).Append(web).Select(t => t.Claims("id_token").Text("sid")).Order(), (await ToldAsync(service, userId)).Order());
        }
    }

    private static async Task<JsonElement> RedeemAsync(Browser browser, string code)
    {
        using var response = await browser.RedeemAtAsync(Contoso, OAuthCalls.Web, code, ("client_id", null));
        return await response.JsonAsync();
    }

    /// <summary>The sessions that the user's intents tell of.</summary>
    private static async Task<List<string>> ToldAsync(TestService service, string userId)
    {
        var (outbox, told) = (service.Get<OutboxStore>(), new List<string>());
        foreach (var row in await service.RowsAsync(userId, "outbox_"))
        {
            var intent = await outbox.FindAsync(new OutboxAddress("Users", userId, row.Key["outbox_".Length..]), default);
            told.AddRange(LogoutNotice.Read(outbox.Unseal(intent!)!).Sessions.Select(s => s.Id));
        }

        return told;
    }
}
