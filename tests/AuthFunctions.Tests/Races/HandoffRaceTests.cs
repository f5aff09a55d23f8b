using AuthFunctions.Sessions;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Races;

public class HandoffRaceTests
{
    [Fact]
    public async Task One_token_gives_one_session_however_often_its_browser_sends_it()
    {
        await using var service = await StartOnAzuriteAsync();
        using var crowd = new Crowd(service);

        for (var round = 0; round < Crowd.Rounds; round++)
        {
            var person = await crowd.RegisterAsync();
            var root = await crowd.SignInAsync(person.Email);
            var (url, cookie) = await crowd.BeginHandoffAsync(root);
            var replies = await Crowd.AtOnceAsync(Crowd.Size, _ => crowd.GetAsync(url, cookie));

            Assert.All(replies, r => Assert.Equal(FabrikamApp + "/", r.Is(303).Location));
            Assert.NotNull(Assert.Single(replies.Select(r => r.Cookie("__Host-sid")).Distinct(StringComparer.Ordinal)));
            Assert.Equal(3, await CountAsync(service, person));
            (await crowd.GetAsync(Fabrikam + "/session?fresh=1", replies[round % Crowd.Size].CookieHeader)).Is(200);
        }
    }

    [Fact]
    public async Task A_token_without_its_cookie_gives_no_session_and_is_burnt()
    {
        await using var service = await StartOnAzuriteAsync();
        using var crowd = new Crowd(service);

        for (var round = 0; round < Crowd.Rounds; round++)
        {
            var person = await crowd.RegisterAsync();
            var root = await crowd.SignInAsync(person.Email);
            var (url, cookie) = await crowd.BeginHandoffAsync(root);
            var replies = await Crowd.AtOnceAsync(Crowd.Size, _ => crowd.GetAsync(url));

            Assert.All(replies, r => Assert.Empty(r.Is(400).Cookies));
            Assert.Equal(FabrikamApp + "/?error=already_used", (await crowd.GetAsync(url, cookie)).Is(303).Location);
            Assert.Equal(2, await CountAsync(service, person));
        }
    }

    [Fact]
    public async Task Of_its_browser_and_a_thief_at_once_the_thief_gets_nothing_and_the_browser_one_session_or_none()
    {
        await using var service = await StartOnAzuriteAsync();
        using var crowd = new Crowd(service);

        for (var round = 0; round < Crowd.Rounds; round++)
        {
            var person = await crowd.RegisterAsync();
            var root = await crowd.SignInAsync(person.Email);
            var (url, cookie) = await crowd.BeginHandoffAsync(root);
            var replies = await Crowd.AtOnceAsync(Crowd.Size, i => crowd.GetAsync(url, i % 2 == 0 ? cookie : null));

            Assert.All(replies.Where((_, i) => i % 2 == 1), r => Assert.Empty(r.Is(400).Cookies));
            var owner = replies.Where((_, i) => i % 2 == 0).ToList();
            var place = Assert.Single(owner.Select(r => r.Is(303).Location).Distinct(StringComparer.Ordinal));
            var sid = Assert.Single(owner.Select(r => r.Cookie("__Host-sid")).Distinct(StringComparer.Ordinal));
            Assert.Equal(sid is null ? FabrikamApp + "/?error=already_used" : FabrikamApp + "/", place);
            Assert.Equal(sid is null ? 2 : 3, await CountAsync(service, person));
        }
    }

    private static async Task<int> CountAsync(TestService service, Person person) =>
        (await service.Get<SessionStore>().ListAsync(person.Id, default)).Count;
}
