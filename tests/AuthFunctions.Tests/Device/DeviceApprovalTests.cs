using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.LostResponses;
using AuthFunctions.Tests.Storage;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Device;

/// <summary>The two writes of an approval, and what comes between them.</summary>
public class DeviceApprovalTests
{
    [Fact]
    public async Task After_a_crash_between_the_claim_and_the_approval_the_same_person_can_go_on_and_nobody_else()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        using var stranger = await service.SignedInAsync();
        var waiting = await person.WaitAsync();
        var faults = service.Faults["Users"];
        (faults.When, faults.NextCommit) = (Picks.Adding("device_"), Fault.FailBeforeCommit);

        using var crashed = await person.AnswerAsync(waiting.UserCode);
        using var poll = await person.PollAsync(waiting.DeviceCode);
        using var others = await stranger.TypeAsync(waiting.UserCode);
        await person.AllowAsync(waiting.UserCode);
        using var redeemed = await person.PollAsync(waiting.DeviceCode);

        Assert.Equal(503, (int)crashed.StatusCode);
        await poll.RefusedAsync(400, "authorization_pending");
        Assert.Equal(400, (int)others.StatusCode);
        Assert.Equal(200, (int)redeemed.StatusCode);
        Assert.Equal(2, (await service.RowsAsync(await person.UserIdAsync(), "session_")).Count);
    }

    [Fact]
    public async Task After_a_crash_that_followed_the_approval_the_poll_completes_it()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var waiting = await person.WaitAsync();
        var faults = service.Faults["Users"];
        (faults.When, faults.NextCommit) = (Picks.Adding("device_"), Fault.CommitThenFail);
        faults.Meanwhile = () =>
        {
            faults.ReadsFail = true;
            return Task.CompletedTask;
        };

        using var crashed = await person.AnswerAsync(waiting.UserCode);
        faults.ReadsFail = false;
        using var poll = await person.PollAsync(waiting.DeviceCode);

        Assert.Equal((503, 200), ((int)crashed.StatusCode, (int)poll.StatusCode));
    }

    [Theory]
    [InlineData("block")]
    [InlineData("sign out")]
    [InlineData("sign out everywhere")]
    public async Task A_change_that_overlaps_the_approval_wins(string change)
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var waiting = await person.WaitAsync();
        using var page = await person.TypeAsync(waiting.UserCode);
        var html = await page.Content.ReadAsStringAsync();

        // The claim is the last write before the rows are read that decide.
        var codes = service.Faults["DeviceCodes"];
        (codes.NextCommit, codes.Meanwhile) = (Fault.CommitThenConflict, () => service.BefallAsync(person.Copy(), change));
        using var posted = await person.SubmitAsync(Contoso + "/device", html, ("choice", "allow"));
        using var poll = await person.PollAsync(waiting.DeviceCode);

        Ceremony.Onwards(posted, "/device");
        await poll.RefusedAsync(400, "authorization_pending");
    }

    [Fact]
    public async Task A_poll_at_the_very_moment_of_the_answer_does_not_lose_it()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        using var device = service.NewBrowser();
        var waiting = await device.WaitAsync();
        using var page = await person.TypeAsync(waiting.UserCode);
        var html = await page.Content.ReadAsStringAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => i == 4
                ? person.SubmitAsync(Contoso + "/device", html, ("choice", "allow"))
                : service.NewBrowser().PollAsync(waiting.DeviceCode, ("client_id", "demo-device"))));

        Assert.Equal(200, (int)answers[4].StatusCode);
        if (answers.Where((_, i) => i != 4).All(a => (int)a.StatusCode != 200))
        {
            using var poll = await device.PollAsync(waiting.DeviceCode);
            Assert.Equal(200, (int)poll.StatusCode);
        }
    }

    [Fact]
    public async Task No_after_yes_is_too_late()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var waiting = await person.WaitAsync();
        await person.AllowAsync(waiting.UserCode);

        using var denied = await person.AnswerAsync(waiting.UserCode, "deny");
        using var poll = await person.PollAsync(waiting.DeviceCode);

        Ceremony.Onwards(denied, "/device");
        Assert.Equal(200, (int)poll.StatusCode);
    }
}
