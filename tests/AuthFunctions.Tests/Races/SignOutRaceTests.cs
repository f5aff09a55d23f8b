using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Races;

public class SignOutRaceTests
{
    private const int People = 8;
    private const int Each = Crowd.Size / People;

    [Fact]
    public async Task No_refresh_survives_a_sign_out_everywhere()
    {
        await using var service = await StartOnAzuriteAsync();
        using var crowd = new Crowd(service);

        for (var round = 0; round < Crowd.Rounds; round++)
        {
            // Each has a native session and a browser; of their four requests one, at another place each round, signs out everywhere.
            var people = await Crowd.AtOnceAsync(People, _ => crowd.RegisterAsync());
            var native = people.Select(p => p.RefreshToken).ToList();
            var browsers = await Crowd.AtOnceAsync(People, i => crowd.SignInAsync(people[i].Email));
            var leaving = round % Each;
            var replies = await Crowd.AtOnceAsync(Crowd.Size, i => (Person: i / Each, Turn: i % Each) switch
            {
                var (p, turn) when turn == leaving => crowd.PostAsync(Contoso + "/logout/all", cookies: browsers[p]),
                var (p, turn) when turn % 2 == 0 => crowd.PostAsync(Contoso + "/refresh", cookies: browsers[p]),
                var (p, _) => crowd.PostAsync(Contoso + "/refresh", new { refresh_token = native[p] }),
            });

            for (var i = 0; i < replies.Length; i++)
            {
                if (i % Each == leaving)
                {
                    replies[i].Is(204);
                }
                else if (replies[i].Status != 200)
                {
                    Assert.Equal("session_ended", replies[i].Is(401).Code);
                }
            }

            var secrets = replies.Where(r => r.Status == 200 && r.Json.TryGetProperty("refresh_token", out _))
                .Select(r => r.Text("refresh_token")).Concat(native).Distinct(StringComparer.Ordinal).ToList();
            var cookies = replies.Where(r => r.Status == 200 && r.Cookie("__Secure-at") is not null)
                .Select(r => r.Cookie("__Secure-at")!).Concat(browsers).ToList();
            var survivors = await Crowd.AtOnceAsync(secrets.Count, i => crowd.PostAsync(Contoso + "/refresh", new { refresh_token = secrets[i] }));
            Assert.All(survivors, r => Assert.Equal("session_ended", r.Is(401).Code));
            survivors = await Crowd.AtOnceAsync(cookies.Count, i => crowd.GetAsync(Contoso + "/session?fresh=1", cookies[i]));
            Assert.All(survivors, r => Assert.Equal("session_ended", r.Is(401).Code));
        }
    }

    [Fact]
    public async Task No_handoff_survives_the_sign_out_of_its_root()
    {
        await using var service = await StartOnAzuriteAsync();
        using var crowd = new Crowd(service);

        for (var round = 0; round < Crowd.Rounds; round++)
        {
            var people = await Crowd.AtOnceAsync(People, _ => crowd.RegisterAsync());
            var roots = await Crowd.AtOnceAsync(People, i => crowd.SignInAsync(people[i].Email));
            var begun = await Crowd.AtOnceAsync(Crowd.Size, i => crowd.BeginHandoffAsync(roots[i / Each]));
            var leaving = round % Each;
            var replies = await Crowd.AtOnceAsync(Crowd.Size, i => i % Each == leaving
                ? crowd.PostAsync(Contoso + "/logout", cookies: roots[i / Each])
                : crowd.GetAsync(begun[i].AcceptUrl, begun[i].Cookie));

            Assert.All(replies.Where((_, i) => i % Each == leaving), r => r.Is(204));
            await AssertNoneLivesAsync(crowd, [.. replies.Where((_, i) => i % Each != leaving)]);
        }
    }

    /// <summary>Each was let in or told that the session had ended, and who was let in is out by now.</summary>
    internal static async Task AssertNoneLivesAsync(Crowd crowd, IReadOnlyList<Reply> accepted)
    {
        Assert.All(accepted, r => Assert.Contains(r.Is(303).Location, (string[])[FabrikamApp + "/", FabrikamApp + "/?error=session_ended"]));
        var arrived = accepted.Where(r => r.Location == FabrikamApp + "/").ToList();
        Assert.All(arrived, r => Assert.NotNull(r.Cookie("__Host-sid")));
        var fresh = await Crowd.AtOnceAsync(arrived.Count, i => crowd.GetAsync(Fabrikam + "/session?fresh=1", arrived[i].CookieHeader));
        Assert.All(fresh, r => Assert.Equal("session_ended", r.Is(401).Code));
    }
}
