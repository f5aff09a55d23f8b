using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Users;

namespace AuthFunctions.Tests.Sessions;

public class SessionCapTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    [Fact]
    public async Task The_101st_session_ends_the_one_longest_unused()
    {
        using var person = await NativeApp.RegisterAsync(service);
        var roots = await FillAsync(person, minutesAgo: i => i + 1);

        using var one = await NativeApp.SignInAsync(service, person.Email);

        Assert.Equal("no such session", await service.WhyDeadAsync(person.UserId, roots[^1].Id.ToString()));
        Assert.Null(await service.WhyDeadAsync(person.UserId, roots[^2].Id.ToString()));
        Assert.Null(await service.WhyDeadAsync(person.UserId, person.SessionId));
        Assert.Null(await service.WhyDeadAsync(person.UserId, one.SessionId));
        Assert.Equal(["too_many_sessions"], await service.EndsAsync(person.UserId));

        using var another = await NativeApp.SignInAsync(service, person.Email);
        Assert.Equal("no such session", await service.WhyDeadAsync(person.UserId, roots[^2].Id.ToString()));
        Assert.Equal(100, (await service.Get<SessionStore>().ListAsync(person.UserId, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_root_is_in_use_as_long_as_a_child_of_it_is()
    {
        using var person = await NativeApp.RegisterAsync(service);
        var roots = await FillAsync(person, minutesAgo: i => i + 1, count: 98);
        var child = await service.ChildAsync(person.UserId, roots[^1].Id.ToString());
        await CountAsync(person);

        using var one = await NativeApp.SignInAsync(service, person.Email);

        Assert.Null(await service.WhyDeadAsync(person.UserId, child.Id));
        Assert.Equal("no such session", await service.WhyDeadAsync(person.UserId, roots[^2].Id.ToString()));
    }

    [Fact]
    public async Task A_child_unused_for_longer_ends_alone_and_its_root_when_it_is_its_turn()
    {
        using var person = await NativeApp.RegisterAsync(service);
        var roots = await FillAsync(person, minutesAgo: i => i + 1, count: 98);
        var child = await service.ChildAsync(person.UserId, roots[^1].Id.ToString());
        var row = await service.RowAsync(person.UserId, child.Id);
        await CommitAsync(service.Get<SessionStore>().Replace(row! with { LastUsedAt = row.LastUsedAt.AddYears(-1) }));
        await CountAsync(person);

        // The child is the longest unused of all, so it alone goes; its root follows when it is the longest unused itself.
        using var first = await NativeApp.SignInAsync(service, person.Email);
        Assert.Equal("no such session", await service.WhyDeadAsync(person.UserId, child.Id));
        Assert.Null(await service.WhyDeadAsync(person.UserId, roots[^1].Id.ToString()));

        using var second = await NativeApp.SignInAsync(service, person.Email);
        Assert.Equal("no such session", await service.WhyDeadAsync(person.UserId, roots[^1].Id.ToString()));
        Assert.Equal(["too_many_sessions", "too_many_sessions"], await service.EndsAsync(person.UserId));
    }

    [Fact]
    public async Task Of_a_root_and_a_child_equally_long_unused_the_child_ends()
    {
        using var person = await NativeApp.RegisterAsync(service);
        var roots = await FillAsync(person, minutesAgo: i => i + 1, count: 98);
        var child = await service.ChildAsync(person.UserId, roots[^1].Id.ToString());
        var row = await service.RowAsync(person.UserId, child.Id);
        await CommitAsync(service.Get<SessionStore>().Replace(row! with { LastUsedAt = roots[^1].LastUsedAt }));
        await CountAsync(person);

        using var one = await NativeApp.SignInAsync(service, person.Email);

        Assert.Equal("no such session", await service.WhyDeadAsync(person.UserId, child.Id));
        Assert.Null(await service.WhyDeadAsync(person.UserId, roots[^1].Id.ToString()));
    }

    [Fact]
    public async Task At_the_cap_dead_rows_are_cleared_and_no_living_session_ends()
    {
        using var person = await NativeApp.RegisterAsync(service);
        var dead = await FillAsync(person, minutesAgo: _ => 1, change: r => r with { IdleExpiresAt = service.Clock.GetUtcNow() }, count: 20);
        var former = await FillAsync(person, minutesAgo: _ => 1, change: r => r with { Epoch = 99 }, count: 20);

        using var one = await NativeApp.SignInAsync(service, person.Email);

        var left = await service.Get<SessionStore>().ListAsync(person.UserId, CancellationToken.None);
        Assert.Equal(new[] { person.SessionId, one.SessionId }.Order(StringComparer.Ordinal), left.Select(r => r.Id.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(40, dead.Count + former.Count);
        Assert.Empty(await service.EndsAsync(person.UserId));
        Assert.Equal(2, (await service.Get<UserStore>().FindAsync(person.UserId, CancellationToken.None))!.SessionCount);
    }

    [Fact]
    public async Task Below_the_cap_no_session_rows_are_ranged_over()
    {
        using var person = await NativeApp.RegisterAsync(service);
        service.Counter.Reset();

        using var one = await NativeApp.SignInAsync(service, person.Email);
        Assert.Equal(0, service.Counter.RangeReads);

        await CountAsync(person);
        service.Counter.Reset();
        using var two = await NativeApp.SignInAsync(service, person.Email);
        Assert.Equal(1, service.Counter.RangeReads);
    }

    /// <summary>Other sessions of the person, 99 but for the sessions a test makes itself; the user's count then stands at the cap.</summary>
    private async Task<List<SessionRow>> FillAsync(
        NativeApp person, Func<int, int> minutesAgo, Func<SessionRow, SessionRow>? change = null, int count = 99)
    {
        var user = await service.Get<UserStore>().FindAsync(person.UserId, CancellationToken.None);
        var site = service.Get<SiteDirectory>().Find("contoso")!;
        var rows = Enumerable.Range(0, count).Select(i => service.Get<SessionStarter>().NewRoot(user!, site, Transport.Cookie, "pwd", null).Row)
            .Select((r, i) => r with { LastUsedAt = r.LastUsedAt.AddMinutes(-minutesAgo(i)) })
            .Select(change ?? (r => r)).ToList();
        await CommitAsync([.. rows.Select(service.Get<SessionStore>().Add)]);
        await CountAsync(person);
        return rows;
    }

    private async Task CountAsync(NativeApp person)
    {
        var user = await service.Get<UserStore>().FindAsync(person.UserId, CancellationToken.None);
        await CommitAsync(service.Get<UserStore>().Replace(user! with { SessionCount = 100 }));
    }

    private async Task CommitAsync(params Change[] changes) =>
        Assert.IsType<Commit.Done>(await service.Table("Users").CommitAsync(changes, CancellationToken.None));
}
