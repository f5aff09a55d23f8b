using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Storage;
using AuthFunctions.Tests.Tokens;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Users;

/// <summary>Index and user lie in different partitions, so no transaction spans them: what is left of a registration that died on its way.</summary>
public class EmailIndexTests
{
    [Fact]
    public async Task An_orphan_keeps_its_address_for_a_minute_and_not_longer()
    {
        await using var service = await StartAsync();
        var (email, orphan) = (NewEmail(), Id.New());
        await ClaimAsync(service, email, orphan);

        service.Clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        using var early = await RegisterAsync(service, email);
        await early.RefusedAsync(503, "unavailable");
        Assert.Null(await service.Table("Users").FindAsync(orphan, "user", default));

        service.Clock.Advance(TimeSpan.FromTicks(1));
        using var reclaimed = await RegisterAsync(service, email);
        Assert.Equal(201, (int)reclaimed.StatusCode);
        Assert.True((await service.Table("Users").FindAsync(orphan, "user", default))!.Flag("Tombstone"));
        Assert.Null(await service.Get<UserStore>().FindAsync(orphan, default));
        var owner = (await FindAsync(service, email))!;
        Assert.Equal((await reclaimed.JsonAsync()).GetProperty("user").Text("id"), owner.Id);

        using var again = await RegisterAsync(service, email);
        await again.RefusedAsync(409, "email_taken");
    }

    [Fact]
    public async Task A_registration_that_was_merely_slow_fails_and_makes_no_second_user()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        _ = service.Table("Users");
        using var release = new ManualResetEventSlim();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        service.Faults["Users"].NextCommit = Fault.FailBeforeCommit;
        service.Faults["Users"].When = changes =>
        {
            // The first to come stands still between index and user.
            if (reached.TrySetResult())
            {
                release.Wait(TimeSpan.FromSeconds(60));
            }

            return false;
        };
        var slow = RegisterAsync(service, email);
        await reached.Task;
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var quick = await RegisterAsync(service, email);
        release.Set();

        Assert.Equal(201, (int)quick.StatusCode);
        using var late = await slow;
        await late.RefusedAsync(409, "email_taken");
        service.AssertReason("the registration was too slow");
        Assert.False(late.Headers.Contains("Set-Cookie"));
        Assert.Equal((await quick.JsonAsync()).GetProperty("user").Text("id"), (await FindAsync(service, email))!.Id);
        using var login = await service.NewBrowser().PostAsync(Contoso + "/login", new { email, password = Password });
        Assert.Equal(200, (int)login.StatusCode);
    }

    [Fact]
    public async Task A_slow_registration_that_finds_its_address_taken_meanwhile_may_not_take_it_back()
    {
        await using var service = await StartAsync();
        var (email, orphan) = (NewEmail(), Id.New());
        await ClaimAsync(service, email, orphan);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var quick = await RegisterAsync(service, email);
        Assert.Equal(201, (int)quick.StatusCode);

        Assert.True(EmailAddress.TryParse(email, out var address));
        Assert.False(await service.Get<UserDirectory>().TryClaimAsync(address, orphan, default));
        var late = service.Get<UserStore>().Add(new UserRow
        {
            Id = orphan, Email = email, EmailHash = address.Hash, PasswordHash = "x", CreatedAt = service.Clock.GetUtcNow(),
        });
        Assert.IsType<Commit.Conflict>(await service.Table("Users").CommitAsync([late], default));
    }

    [Fact]
    public async Task An_index_row_that_disagrees_with_its_user_counts_for_nothing()
    {
        await using var service = await StartAsync();
        var (own, foreign) = (NewEmail(), NewEmail());
        using var person = await service.SignedInAsync(email: own);
        var user = (await FindAsync(service, own))!;
        await ClaimAsync(service, foreign, user.Id);

        Assert.Null(await FindAsync(service, foreign));
        using var login = await service.NewBrowser().PostAsync(Contoso + "/login", new { email = foreign, password = Password });
        await login.RefusedAsync(401, "invalid_credentials");
        service.AssertReason("unknown address");

        // Like any orphan it is taken over after a minute, and the user to whom it pointed is not touched.
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var other = await RegisterAsync(service, foreign);
        Assert.Equal(201, (int)other.StatusCode);
        Assert.NotEqual(user.Id, (await FindAsync(service, foreign))!.Id);
        Assert.Equal(user.Id, (await FindAsync(service, own))!.Id);
        using var still = await service.NewBrowser().PostAsync(Contoso + "/login", new { email = own, password = Password });
        Assert.Equal(200, (int)still.StatusCode);
    }

    [Fact]
    public async Task Of_many_who_reclaim_one_orphan_at_once_one_becomes_the_user()
    {
        await using var service = await StartAsync();
        for (var round = 0; round < 5; round++)
        {
            var email = NewEmail();
            await ClaimAsync(service, email, Id.New());
            service.Clock.Advance(TimeSpan.FromMinutes(1));

            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => RegisterAsync(service, email)));

            var winner = Assert.Single(answers, a => (int)a.StatusCode == 201);
            Assert.All(answers.Where(a => a != winner), a => Assert.Equal(409, (int)a.StatusCode));
            Assert.Equal((await winner.JsonAsync()).GetProperty("user").Text("id"), (await FindAsync(service, email))!.Id);
        }
    }

    private static async Task<HttpResponseMessage> RegisterAsync(TestService service, string email)
    {
        using var browser = service.NewBrowser();
        return await browser.PostAsync(Contoso + "/register", new { email, password = Password });
    }

    /// <summary>What a registration leaves that died after its first write.</summary>
    private static async Task ClaimAsync(TestService service, string email, string userId)
    {
        Assert.True(EmailAddress.TryParse(email, out var address));
        var claim = new UserEmailRow(address.Hash, userId, service.Clock.GetUtcNow());
        Assert.IsType<Commit.Done>(await service.Get<UserEmailStore>().AddAsync(claim, default));
    }

    private static async Task<UserRow?> FindAsync(TestService service, string email)
    {
        Assert.True(EmailAddress.TryParse(email, out var address));
        return await service.Get<UserDirectory>().FindAsync(address, default);
    }
}
