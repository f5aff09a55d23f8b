using AuthFunctions.Sessions;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Device;

/// <summary>What a device gets for its code (RFC 8628 §3.4, §3.5).</summary>
public class DeviceCodeGrantTests
{
    [Fact]
    public async Task An_approved_code_gives_a_session_that_is_a_root_of_its_own_and_tells_the_sign_in_as_it_was()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var signedInAt = service.Clock.GetUtcNow().ToUnixTimeSeconds();
        var userId = await person.UserIdAsync();
        service.Clock.Advance(TimeSpan.FromMinutes(20));
        using var refreshed = await person.PostAsync(Contoso + "/refresh");

        var tokens = await service.DeviceTokensAsync(person);

        Assert.Equal("openid email", Ceremony.Text(tokens, "scope"));
        var claims = tokens.Claims("access_token");
        Assert.Equal((userId, "demo-device"), (Ceremony.Text(claims, "sub"), Ceremony.Text(claims, "client_id")));
        Assert.Equal(signedInAt, claims.GetProperty("auth_time").GetInt64());
        Assert.Equal(userId, Ceremony.Text(tokens.Claims("id_token"), "sub"));
        Assert.True(SessionId.TryParse(Ceremony.Text(claims, "sid"), out var id) && !id.IsChild);

        using var logout = await person.PostAsync(Contoso + "/logout");
        using var device = await person.RefreshAsync(Ceremony.Text(tokens, "refresh_token"), "demo-device");
        Assert.Equal((204, 200), ((int)logout.StatusCode, (int)device.StatusCode));
    }

    [Fact]
    public async Task The_device_is_among_the_persons_sign_ins_and_can_be_ended_there()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var tokens = await service.DeviceTokensAsync(person);

        using var list = await person.GetAsync(Contoso + "/sessions");
        var listed = (await list.JsonAsync()).GetProperty("sessions").EnumerateArray().Single(s => !s.GetProperty("current").GetBoolean());
        using var ended = await person.DeleteAsync($"{Contoso}/sessions/{Ceremony.Text(listed, "id")}");
        using var refresh = await person.RefreshAsync(Ceremony.Text(tokens, "refresh_token"), "demo-device");

        Assert.Equal("demo-device", Ceremony.Text(listed, "device"));
        Assert.Equal(204, (int)ended.StatusCode);
        await refresh.RefusedAsync(400, "invalid_grant");
    }

    [Theory]
    [InlineData("device_code", null, "invalid_request", "device_code is missing")]
    [InlineData("device_code", "dev_AAAA", "invalid_grant", "malformed device code")]
    [InlineData("client_id", "other-device", "invalid_grant", "device code issued to another client, or at another site")]
    [InlineData("client_id", "demo-spa", "unauthorized_client", "grant type not registered for the client")]
    public async Task One_wrong_parameter_is_refused_and_does_not_use_the_code_up(string name, string? value, string error, string reason)
    {
        await using var service = await StartAsync(OAuthCalls.Client("other-device", null, ("GrantTypes:0", DeviceCeremony.GrantType)));
        using var person = await service.SignedInAsync();
        var waiting = await person.WaitAsync();
        await person.AllowAsync(waiting.UserCode);

        using var spoilt = await person.PollAsync(waiting.DeviceCode, (name, value));
        using var valid = await person.PollAsync(waiting.DeviceCode);

        await spoilt.RefusedAsync(400, error);
        service.AssertReason(reason);
        Assert.Equal(200, (int)valid.StatusCode);
    }

    [Fact]
    public async Task A_guess_at_a_devices_secret_changes_nothing_and_neither_does_another_site()
    {
        await using var service = await StartAsync(new() { ["Clients:4:Sites:1"] = "fabrikam" });
        using var person = await service.SignedInAsync();
        var waiting = await person.WaitAsync();
        var guess = waiting.DeviceCode[..^3] + (waiting.DeviceCode[^3] == 'A' ? 'B' : 'A') + waiting.DeviceCode[^2..];

        using var guessed = await person.PollAsync(guess);
        using var elsewhere = await person.PollAtAsync(Fabrikam, waiting.DeviceCode);
        using var honest = await person.PollAsync(waiting.DeviceCode);

        await guessed.RefusedAsync(400, "invalid_grant");
        await elsewhere.RefusedAsync(400, "invalid_grant");
        await honest.RefusedAsync(400, "authorization_pending");
    }

    [Fact]
    public async Task Who_polls_too_early_is_slowed_down_by_five_seconds_each_time_and_that_is_kept()
    {
        await using var service = await StartAsync();
        using var device = service.NewBrowser();
        var waiting = await device.WaitAsync();

        // Interval 5; then 10 after the third, 15 after the fourth, and so it stays.
        foreach (var (wait, error) in new[]
        {
            (0, "authorization_pending"), (5, "authorization_pending"), (3, "slow_down"), (8, "slow_down"), (15, "authorization_pending"),
            (13, "slow_down"), (20, "authorization_pending"), (20, "authorization_pending"),
        })
        {
            service.Clock.Advance(TimeSpan.FromSeconds(wait));
            using var poll = await device.PollAsync(waiting.DeviceCode);
            await poll.RefusedAsync(400, error);
        }
    }

    [Fact]
    public async Task A_refusal_is_told_and_final()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var waiting = await person.WaitAsync();

        using var denied = await person.AnswerAsync(waiting.UserCode, "deny");
        using var poll = await person.PollAsync(waiting.DeviceCode);
        using var again = await person.TypeAsync(waiting.UserCode);

        Assert.Contains("The device was not let in", await denied.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await poll.RefusedAsync(400, "access_denied");
        Assert.Equal(400, (int)again.StatusCode);
    }

    [Fact]
    public async Task A_code_lives_ten_minutes_and_so_does_an_approval_that_nobody_comes_for()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var (unanswered, uncollected) = (await person.WaitAsync(), await person.WaitAsync());
        service.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        using var inTime = await person.PollAsync(unanswered.DeviceCode);
        await person.AllowAsync(uncollected.UserCode);

        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var late = await person.PollAsync(unanswered.DeviceCode);
        using var tooLate = await person.PollAsync(uncollected.DeviceCode);
        using var page = await person.TypeAsync(unanswered.UserCode);
        using var list = await person.GetAsync(Contoso + "/sessions");

        await inTime.RefusedAsync(400, "authorization_pending");
        await late.RefusedAsync(400, "expired_token");
        await tooLate.RefusedAsync(400, "expired_token");
        Assert.Equal(400, (int)page.StatusCode);
        Assert.Single((await list.JsonAsync()).GetProperty("sessions").EnumerateArray());
    }

    [Fact]
    public async Task A_code_that_comes_again_ends_the_session_and_makes_no_other()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var waiting = await person.WaitAsync();
        using var page = await person.TypeAsync(waiting.UserCode);
        var html = await page.Content.ReadAsStringAsync();
        using var allowed = await person.SubmitAsync(Contoso + "/device", html, ("choice", "allow"));
        using var first = await person.PollAsync(waiting.DeviceCode);

        using var again = await person.PollAsync(waiting.DeviceCode);
        using var refresh = await person.RefreshAsync((await first.TextAsync("refresh_token"))!, "demo-device");
        using var pressedAgain = await person.SubmitAsync(Contoso + "/device", html, ("choice", "allow"));
        using var third = await person.PollAsync(waiting.DeviceCode);

        Assert.Equal(200, (int)first.StatusCode);
        await again.RefusedAsync(400, "invalid_grant");
        await refresh.RefusedAsync(400, "invalid_grant");
        await third.RefusedAsync(400, "invalid_grant");
        Assert.Single(await service.RowsAsync(await person.UserIdAsync(), "session_"));
    }

    [Theory]
    [InlineData("block")]
    [InlineData("block and unblock")]
    [InlineData("sign out everywhere")]
    public async Task An_approval_from_before_a_change_redeems_to_nothing_after_it(string change)
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var waiting = await person.WaitAsync();
        await person.AllowAsync(waiting.UserCode);

        await service.BefallAsync(person, change);
        using var poll = await person.PollAsync(waiting.DeviceCode);

        await poll.RefusedAsync(400, "invalid_grant");
    }

    /// <summary>The change comes between the redemption's reads and its write, so only the write can tell.</summary>
    [Theory]
    [InlineData("block")]
    [InlineData("sign out everywhere")]
    public async Task A_change_that_overlaps_the_redemption_wins(string change)
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var waiting = await person.WaitAsync();
        await person.AllowAsync(waiting.UserCode);

        service.Keys.Meanwhile = () => service.BefallAsync(person, change);
        using var poll = await person.PollAsync(waiting.DeviceCode);

        await poll.RefusedAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task While_the_vault_is_out_nothing_is_used_up()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var waiting = await person.WaitAsync();
        await person.AllowAsync(waiting.UserCode);
        service.Counter.Reset();

        service.Keys.Unreachable = true;
        using var outage = await person.PollAsync(waiting.DeviceCode);
        service.Keys.Unreachable = false;
        var commits = service.Counter.Commits;
        using var valid = await person.PollAsync(waiting.DeviceCode);

        Assert.Equal((503, 0, 200), ((int)outage.StatusCode, commits, (int)valid.StatusCode));
    }

    [Fact]
    public async Task A_redemption_reads_twice_writes_once_and_signs_once_a_token()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var waiting = await person.WaitAsync();
        await person.AllowAsync(waiting.UserCode);
        service.Counter.Reset();
        service.Keys.Reset();

        using var response = await person.PollAsync(waiting.DeviceCode);

        // The code's row, which alone tells whose partition the others are in; then approval, session and user.
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal((2, 4, 1, 0), (service.Counter.Waves, service.Counter.PointReads, service.Counter.Commits, service.Counter.RangeReads));
        Assert.Equal(2, service.Keys.Signatures);
    }
}
