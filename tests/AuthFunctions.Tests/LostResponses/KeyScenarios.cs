using AuthFunctions.SigningKeys;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.LostResponses;

/// <summary>Making keys, pulling one, and telling who did.</summary>
internal static class KeyScenarios
{
    public static IEnumerable<Scenario> All() =>
    [
        new("SigningKeyStore.AddAsync", "SigningKeys", Picks.Adding("key_"), s => Task.FromResult(Make(s))) { Settings = RealKeys },
        new("SigningKeyStore.ReplaceAsync", "SigningKeys", Picks.Replacing("key_"), s => PullAsync(s, toldTwice: false)) { Settings = RealKeys },
        new("KeyEventStore.AddAsync", "SigningKeys", Picks.Adding("event_"), s => PullAsync(s, toldTwice: true)) { Settings = RealKeys },
    ];

    private static Dictionary<string, string?> RealKeys => new() { ["Keys:Source"] = "Development" };

    private static Request Make(TestService service)
    {
        var browser = service.NewBrowser();
        return new(
            () => browser.GetAsync(Contoso + "/.well-known/jwks.json"),
            200,
            async (answer, _) =>
            {
                // The keys that are shown are those that are stored, and so every other instance's.
                var stored = await service.Get<SigningKeyStore>().ListAsync("development", default);
                var shown = (await answer.JsonAsync()).GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("kid").GetString()!);
                Assert.InRange(stored.Count, 1, 2);
                Assert.Equal(stored.Select(r => r.Kid), shown);
            });
    }

    /// <summary>Of the standby, so that the operator's own token stays good for the next try.</summary>
    private static async Task<Request> PullAsync(TestService service, bool toldTwice)
    {
        var console = await service.OperatorAsync();
        var standby = (await service.Get<SigningKeyStore>().ListAsync("development", default))[^1].Kid;
        return new(
            () => console.PostAsync($"{Contoso}/manage/keys/{standby}/retire"),
            204,
            async (_, course) =>
            {
                var rows = await service.Get<SigningKeyStore>().ListAsync("development", default);
                Assert.Equal(standby, Assert.Single(rows, r => r.PulledAt is not null).Kid);
                Assert.Equal(3, rows.Count);
                Assert.Equal(toldTwice ? course.Times : 1, (await service.Get<KeyEventStore>().ListAsync(default)).Count);
            });
    }
}
