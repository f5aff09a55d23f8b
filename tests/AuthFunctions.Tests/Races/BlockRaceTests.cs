using AuthFunctions.Sessions;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Races;

/// <summary>
/// A block against what makes sessions. Each round ends by letting the user in again: a session that was made behind the block's back
/// would be hidden by it, and come to life then.
/// </summary>
public class BlockRaceTests
{
    private const int People = 8;
    private const int Each = Crowd.Size / People;

    [Fact]
    public async Task No_sign_in_outlives_a_block()
    {
        await using var service = await StartOnAzuriteAsync();
        using var crowd = new Crowd(service);
        var operatorToken = await crowd.OperatorAsync();

        for (var round = 0; round < Crowd.Rounds; round++)
        {
            var people = await Crowd.AtOnceAsync(People, _ => crowd.RegisterAsync());
            var blocking = round % Each;
            var replies = await Crowd.AtOnceAsync(Crowd.Size, i => i % Each == blocking
                ? crowd.ManageAsync(operatorToken, people[i / Each].Id, "block")
                : crowd.LoginAsync(people[i / Each].Email));

            var signIns = replies.Where((_, i) => i % Each != blocking).ToList();
            Assert.All(signIns.Where(r => r.Status != 200), r => Assert.Equal("blocked", r.Is(403).Code));
            await Crowd.AtOnceAsync(People, i => crowd.ManageAsync(operatorToken, people[i].Id, "unblock"));
            await AssertEmptyAsync(service, people);
            var opened = signIns.Where(r => r.Status == 200).ToList();
            var fresh = await Crowd.AtOnceAsync(opened.Count, i => crowd.GetAsync(Contoso + "/session?fresh=1", bearer: opened[i].Text("access_token")));
            Assert.All(fresh, r => Assert.Equal("session_ended", r.Is(401).Code));
            var refreshed = await Crowd.AtOnceAsync(
                opened.Count, i => crowd.PostAsync(Contoso + "/refresh", new { refresh_token = opened[i].Text("refresh_token") }));
            Assert.All(refreshed, r => Assert.Equal("session_ended", r.Is(401).Code));
        }
    }

    [Fact]
    public async Task No_handoff_outlives_a_block()
    {
        await using var service = await StartOnAzuriteAsync();
        using var crowd = new Crowd(service);
        var operatorToken = await crowd.OperatorAsync();

        for (var round = 0; round < Crowd.Rounds; round++)
        {
            var people = await Crowd.AtOnceAsync(People, _ => crowd.RegisterAsync());
            var roots = await Crowd.AtOnceAsync(People, i => crowd.SignInAsync(people[i].Email));
            var begun = await Crowd.AtOnceAsync(Crowd.Size, i => crowd.BeginHandoffAsync(roots[i / Each]));
            var blocking = round % Each;
            var replies = await Crowd.AtOnceAsync(Crowd.Size, i => i % Each == blocking
                ? crowd.ManageAsync(operatorToken, people[i / Each].Id, "block")
                : crowd.GetAsync(begun[i].AcceptUrl, begun[i].Cookie));

            await Crowd.AtOnceAsync(People, i => crowd.ManageAsync(operatorToken, people[i].Id, "unblock"));
            await AssertEmptyAsync(service, people);
            await SignOutRaceTests.AssertNoneLivesAsync(crowd, [.. replies.Where((_, i) => i % Each != blocking)]);
        }
    }

    private static async Task AssertEmptyAsync(TestService service, IEnumerable<Person> people)
    {
        await Task.WhenAll(people.Select(async person =>
        {
            var user = await service.Get<UserStore>().FindAsync(person.Id, default);
            Assert.All(await service.Get<SessionStore>().ListAsync(person.Id, default), s => Assert.True(s.Epoch < user!.Epoch));
        }));
    }
}
