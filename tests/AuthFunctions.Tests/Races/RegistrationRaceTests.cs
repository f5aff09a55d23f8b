using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Storage;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Races;

public class RegistrationRaceTests
{
    [Fact]
    public async Task Of_registrations_of_one_address_at_once_one_makes_the_user()
    {
        await using var service = await StartOnAzuriteAsync();
        using var crowd = new Crowd(service);
        var users = new UserCounter(Faults(service));

        for (var round = 1; round <= Crowd.Rounds; round++)
        {
            var email = NewEmail();
            var replies = await Crowd.AtOnceAsync(Crowd.Size, _ => RegisterAsync(crowd, email));

            Assert.Equal(round, users.Attempts);
            await AssertOneUserAsync(service, email, replies);
            (await crowd.LoginAsync(email)).Is(200);
        }
    }

    [Fact]
    public async Task Of_registrations_that_find_an_orphaned_address_at_once_one_makes_the_user()
    {
        await using var service = await StartOnAzuriteAsync();
        using var crowd = new Crowd(service);
        var faults = Faults(service);

        for (var round = 0; round < Crowd.Rounds; round++)
        {
            var email = NewEmail();
            faults.NextCommit = Fault.FailBeforeCommit;
            faults.When = _ => true;
            (await RegisterAsync(crowd, email)).Is(503);
            var orphan = await ClaimAsync(service, email);
            service.Clock.Advance(TimeSpan.FromMinutes(1));
            var users = new UserCounter(faults);
            var replies = await Crowd.AtOnceAsync(Crowd.Size, _ => RegisterAsync(crowd, email));

            Assert.Equal(1, users.Attempts);
            await AssertOneUserAsync(service, email, replies);
            Assert.NotEqual(orphan.UserId, (await ClaimAsync(service, email)).UserId);
            Assert.Equal(true, (await service.Table("Users").FindAsync(orphan.UserId, "user", default))?.Columns["Tombstone"]);
            (await crowd.LoginAsync(email)).Is(200);
        }
    }

    private static FaultingTable Faults(TestService service)
    {
        // Asked for once, so that it is there.
        _ = service.Table("Users");
        return service.Faults["Users"];
    }

    private static Task<Reply> RegisterAsync(Crowd crowd, string email) =>
        crowd.PostAsync(Contoso + "/register", new { email, password = Password, transport = "body" });

    private static async Task AssertOneUserAsync(TestService service, string email, IReadOnlyList<Reply> replies)
    {
        var made = Assert.Single(replies, r => r.Status == 201);
        Assert.All(replies.Where(r => r != made), r => Assert.Equal("email_taken", r.Is(409).Code));
        Assert.Equal(made.Json.GetProperty("user").GetProperty("id").GetString(), (await ClaimAsync(service, email)).UserId);
    }

    private static async Task<UserEmailRow> ClaimAsync(TestService service, string email)
    {
        Assert.True(EmailAddress.TryParse(email, out var address));
        return Assert.IsType<UserEmailRow>(await service.Get<UserEmailStore>().FindAsync(address!.Hash, default));
    }

    /// <summary>Counts the users that are sent to the table, by way of a fault that strikes never.</summary>
    private sealed class UserCounter
    {
        private int attempts;

        public UserCounter(FaultingTable table)
        {
            table.NextCommit = Fault.FailBeforeCommit;
            table.When = Look;
        }

        public int Attempts => attempts;

        private bool Look(IReadOnlyList<Change> changes)
        {
            if (changes.Any(c => c is Change.Add { Key: "user" } add && !add.Row.Columns.ContainsKey("Tombstone")))
            {
                Interlocked.Increment(ref attempts);
            }

            return false;
        }
    }
}
