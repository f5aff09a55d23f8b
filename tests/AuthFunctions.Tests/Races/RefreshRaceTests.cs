using AuthFunctions.Sessions;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Races;

public class RefreshRaceTests
{
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task One_refresh_secret_gives_everyone_on_two_instances_the_same_successor()
    {
        await using var service = await StartOnAzuriteAsync();
        await using var second = await service.StartSecondAsync();
        using var crowd = new Crowd(service, second);
        var person = await crowd.RegisterAsync();
        var current = person.RefreshToken;

        for (var round = 1; round <= Crowd.Rounds; round++)
        {
            service.Clock.Advance(Leeway);
            var replies = await Crowd.AtOnceAsync(Crowd.Size, _ => RefreshAsync(crowd, current));

            Assert.All(replies, r => r.Is(200));
            var successor = Assert.Single(replies.Select(r => r.Text("refresh_token")).Distinct(StringComparer.Ordinal));
            Assert.NotEqual(current, successor);
            Assert.Equal(round, (await OnlySessionAsync(service, person)).Generation);
            current = successor;
        }
    }

    [Fact]
    public async Task Without_leeway_exactly_one_of_them_wins_and_the_session_ends()
    {
        await using var service = await StartOnAzuriteAsync(new() { ["Sessions:RefreshLeeway"] = "00:00:00" });
        using var crowd = new Crowd(service);

        for (var round = 0; round < Crowd.Rounds; round++)
        {
            var person = await crowd.RegisterAsync();
            var replies = await Crowd.AtOnceAsync(Crowd.Size, _ => RefreshAsync(crowd, person.RefreshToken));

            var won = Assert.Single(replies, r => r.Status == 200);
            Assert.All(replies.Where(r => r != won), r => Assert.Equal("session_ended", r.Is(401).Code));
            Assert.Equal("session_ended", (await RefreshAsync(crowd, won.Text("refresh_token"))).Is(401).Code);
            Assert.Empty(await service.Get<SessionStore>().ListAsync(person.Id, default));
            var ended = Assert.Single(await service.EventsAsync(person.Id, "session_ended"));
            Assert.Equal("refresh_token_reused", ended.Columns["Reason"]);
        }
    }

    [Fact]
    public async Task Chains_of_refreshes_with_slow_tabs_one_generation_behind_lose_nobody()
    {
        await using var service = await StartOnAzuriteAsync();
        using var crowd = new Crowd(service);
        var person = await crowd.RegisterAsync();
        var current = person.RefreshToken;

        for (var round = 1; round <= Crowd.Rounds; round++)
        {
            // The fast tabs rotate, at the first moment when that is possible.
            service.Clock.Advance(Leeway);
            var fast = await Crowd.AtOnceAsync(Crowd.Size / 2, _ => RefreshAsync(crowd, current));
            var successor = Assert.Single(fast.Select(r => r.Is(200).Text("refresh_token")).Distinct(StringComparer.Ordinal));

            // Anywhere up to the last moment of the leeway slow ones come with the secret before, beside fast ones with the new.
            var late = TimeSpan.FromMilliseconds(round % 5 * 2499.75);
            service.Clock.Advance(late);
            var mixed = await Crowd.AtOnceAsync(Crowd.Size, i => RefreshAsync(crowd, i % 2 == 0 ? current : successor));
            Assert.All(mixed, r => Assert.Equal(successor, r.Is(200).Text("refresh_token")));

            // The next rotation comes a leeway after this one; a slow tab that was answered just now takes part in it.
            service.Clock.Advance(-late);
            current = successor;
            Assert.Equal(round, (await OnlySessionAsync(service, person)).Generation);
        }
    }

    private static Task<Reply> RefreshAsync(Crowd crowd, string refreshToken) =>
        crowd.PostAsync(Contoso + "/refresh", new { refresh_token = refreshToken });

    private static async Task<SessionRow> OnlySessionAsync(TestService service, Person person) =>
        Assert.Single(await service.Get<SessionStore>().ListAsync(person.Id, default));
}
