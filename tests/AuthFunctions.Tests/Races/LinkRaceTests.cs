using AuthFunctions.Delivery;
using AuthFunctions.Outbox;
using AuthFunctions.Tests.Account;
using AuthFunctions.Tests.LostResponses;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Races;

public class LinkRaceTests
{
    [Fact]
    public async Task Of_all_who_use_a_link_at_once_one_sets_the_password()
    {
        await using var service = await StartOnAzuriteAsync();

        for (var round = 0; round < Crowd.Rounds; round++)
        {
            var email = NewEmail();
            using var owner = await service.SignedInAsync(email: email);
            var userId = await SessionScenarios.UserIdAsync(owner);
            using var browser = service.NewBrowser();
            using var form = await browser.GetAsync(await service.LinkAsync(Contoso + "/forgot", email));
            var page = await form.Content.ReadAsStringAsync();

            var answers = await Crowd.AtOnceAsync(
                Crowd.Size, i => browser.SubmitAsync(Contoso + "/reset", page, ("new_password", $"a long enough password {i}")));

            var winner = Assert.Single(Enumerable.Range(0, Crowd.Size), i => (int)answers[i].StatusCode == 303);
            Assert.All(answers.Where((_, i) => i != winner), a => Assert.Equal(400, (int)a.StatusCode));
            Assert.Equal(200, await service.LoginAsync(email, $"a long enough password {winner}"));
            Assert.Single(await service.EventsAsync(userId, "password_reset"));
            Assert.False(await owner.IsSignedInAsync());
        }
    }

    [Fact]
    public async Task Of_all_that_are_woken_at_once_one_sends()
    {
        await using var service = await StartOnAzuriteAsync(new() { ["Accounts:ConfirmEmail"] = "true" });
        using var browser = service.NewBrowser();

        for (var round = 0; round < Crowd.Rounds; round++)
        {
            using var waiting = await browser.PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password });
            Assert.Equal(202, (int)waiting.StatusCode);
            var address = OutboxAddress.Read(service.Queue.TryTake())!;

            await Crowd.AtOnceAsync(Crowd.Size, async _ =>
            {
                await service.Get<Deliverer>().DeliverAsync(address, default);
                return true;
            });

            Assert.Equal(round + 1, service.Mails.Count);
            Assert.Null(await service.Get<OutboxStore>().FindAsync(address, default));
        }
    }
}
