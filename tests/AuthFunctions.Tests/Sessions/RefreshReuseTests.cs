using System.Buffers.Text;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Storage;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Sessions;

public class RefreshReuseTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    [Fact]
    public async Task A_lost_response_is_repeated_with_the_same_refresh_token_and_a_fresh_access_token()
    {
        using var app = await NativeApp.RegisterAsync(service);

        using var first = await app.RefreshAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(9));
        using var again = await app.RefreshAsync();

        await first.IsAsync(200);
        await again.IsAsync(200);
        Assert.NotEqual(app.RefreshToken, await first.TextAsync("refresh_token"));
        Assert.Equal(await first.TextAsync("refresh_token"), await again.TextAsync("refresh_token"));
        Assert.NotEqual(await first.TextAsync("access_token"), await again.TextAsync("access_token"));
    }

    [Fact]
    public async Task A_fresh_refresh_token_comes_back_itself_within_the_leeway_and_nothing_is_written()
    {
        using var app = await NativeApp.RegisterAsync(service);
        await app.RotateAsync();
        var row = await service.RowAsync(app.UserId, app.SessionId);

        using var response = await app.RefreshAsync();

        Assert.Equal(app.RefreshToken, await response.TextAsync("refresh_token"));
        Assert.Equal(row!.ETag, (await service.RowAsync(app.UserId, app.SessionId))!.ETag);
    }

    [Fact]
    public async Task The_leeway_is_not_extended_by_use_and_reuse_after_it_takes_the_successor_with_it()
    {
        using var app = await NativeApp.RegisterAsync(service);
        var old = app.RefreshToken;
        await app.RotateAsync();
        for (var i = 0; i < 3; i++)
        {
            service.Clock.Advance(TimeSpan.FromSeconds(3));
            using var within = await app.RefreshAsync(old);
            await within.IsAsync(200);
        }

        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var reused = await app.RefreshAsync(old);
        using var successor = await app.RefreshAsync();

        await reused.RefusedAsync(401, "session_ended");
        Assert.Contains(service.Log.Lines, l => l.EndsWith("session_ended: refresh token reused; session ended ", StringComparison.Ordinal));
        await successor.RefusedAsync(401, "session_ended");
        Assert.Equal(["refresh_token_reused"], await service.EndsAsync(app.UserId));
    }

    [Fact]
    public async Task A_genuine_token_of_any_older_generation_ends_the_session()
    {
        using var app = await NativeApp.RegisterAsync(service);
        var oldest = app.RefreshToken;
        for (var i = 0; i < 3; i++)
        {
            service.Clock.Advance(TimeSpan.FromMinutes(1));
            await app.RotateAsync();
        }

        using var reused = await app.RefreshAsync(oldest);

        await reused.RefusedAsync(401, "session_ended");
        Assert.Equal("no such session", await service.WhyDeadAsync(app.UserId, app.SessionId));
        Assert.Equal(["refresh_token_reused"], await service.EndsAsync(app.UserId));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("mac")]
    [InlineData("generation")]
    public async Task A_made_up_token_for_a_real_session_is_refused_and_the_session_lives(string spoiled)
    {
        using var app = await NativeApp.RegisterAsync(service);
        await app.RotateAsync();
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        var bytes = Base64Url.DecodeFromChars(app.RefreshToken.AsSpan(3));
        bytes[spoiled switch { "mac" => ^1, "secret" => ^20, _ => ^49 }] ^= 1;

        using var refused = await app.RefreshAsync("rt_" + Base64Url.EncodeToString(bytes));

        await refused.RefusedAsync(401, "session_ended");
        Assert.Contains("wrong MAC", service.LastRefusal(), StringComparison.Ordinal);
        Assert.Null(await service.WhyDeadAsync(app.UserId, app.SessionId));
        await app.RotateAsync();
    }

    [Fact]
    public async Task A_session_id_alone_is_no_means_to_end_a_session()
    {
        using var app = await NativeApp.RegisterAsync(service);
        var row = await service.RowAsync(app.UserId, app.SessionId);
        var forged = RefreshHandle.Issue(row! with { HandleKey = new byte[32] }, 0, Secret.New()).Write();

        using var refused = await app.RefreshAsync(forged);

        await refused.RefusedAsync(401, "session_ended");
        Assert.Contains("wrong MAC", service.LastRefusal(), StringComparison.Ordinal);
        await app.RotateAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task At_another_site_a_token_is_refused_and_nothing_is_consumed_or_ended(bool usedUp)
    {
        using var app = await NativeApp.RegisterAsync(service);
        var token = app.RefreshToken;
        if (usedUp)
        {
            await app.RotateAsync();
            service.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var row = await service.RowAsync(app.UserId, app.SessionId);
        using var refused = await app.RefreshAsync(token, at: Fabrikam);

        await refused.RefusedAsync(401, "session_ended");
        Assert.Contains("issued at another site", service.LastRefusal(), StringComparison.Ordinal);
        Assert.Equal(row!.ETag, (await service.RowAsync(app.UserId, app.SessionId))!.ETag);
        await app.RotateAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_cannot_redeem_or_end_a_session_of_the_sites_own_apps(bool usedUp)
    {
        using var app = await NativeApp.RegisterAsync(service);
        using var client = service.NewBrowser();
        var token = app.RefreshToken;
        if (usedUp)
        {
            await app.RotateAsync();
            service.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var row = await service.RowAsync(app.UserId, app.SessionId);
        using var refused = await client.FormAsync(
            Contoso + "/token", null, ("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", token));

        await refused.RefusedAsync(400, "invalid_grant");
        Assert.Contains("issued to another client", service.LastRefusal(), StringComparison.Ordinal);
        Assert.Equal(row!.ETag, (await service.RowAsync(app.UserId, app.SessionId))!.ETag);
        await app.RotateAsync();
    }

    [Fact]
    public async Task A_clients_refresh_token_is_refused_at_the_sites_own_endpoint_and_still_good_at_the_token_endpoint()
    {
        using var app = await NativeApp.RegisterAsync(service);
        using var client = service.NewBrowser();
        var row = await service.RowAsync(app.UserId, app.SessionId);
        var granted = row! with { ClientId = "demo-spa" };
        Assert.IsType<Commit.Done>(await service.Table("Users").CommitAsync([service.Get<SessionStore>().Replace(granted)], CancellationToken.None));

        using var refused = await app.RefreshAsync();
        await refused.RefusedAsync(401, "session_ended");
        Assert.Contains("issued to another client", service.LastRefusal(), StringComparison.Ordinal);

        using var redeemed = await client.FormAsync(
            Contoso + "/token", null, ("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", app.RefreshToken));
        await redeemed.IsAsync(200);
    }

    [Fact]
    public async Task An_unreachable_vault_consumes_nothing()
    {
        using var app = await NativeApp.RegisterAsync(service);
        var row = await service.RowAsync(app.UserId, app.SessionId);
        service.Keys.Unreachable = true;
        using var unavailable = await app.RefreshAsync();
        service.Keys.Unreachable = false;

        await unavailable.RefusedAsync(503, "unavailable");
        Assert.Equal(row!.ETag, (await service.RowAsync(app.UserId, app.SessionId))!.ETag);
        await app.RotateAsync();
    }

    [Fact]
    public async Task When_the_ending_cannot_be_stored_neither_is_its_event_and_the_next_reuse_ends_it()
    {
        using var app = await NativeApp.RegisterAsync(service);
        var old = app.RefreshToken;
        await app.RotateAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(10));
        service.Faults["Users"].NextCommit = Fault.FailBeforeCommit;

        using var unavailable = await app.RefreshAsync(old);
        await unavailable.RefusedAsync(503, "unavailable");
        Assert.Null(await service.WhyDeadAsync(app.UserId, app.SessionId));
        Assert.Empty(await service.EndsAsync(app.UserId));

        using var reused = await app.RefreshAsync(old);
        await reused.RefusedAsync(401, "session_ended");
        Assert.Equal(["refresh_token_reused"], await service.EndsAsync(app.UserId));
    }

    [Fact]
    public async Task With_leeway_0_a_second_use_ends_the_session_at_once()
    {
        await using var strict = await StartAsync(new() { ["Sessions:RefreshLeeway"] = "00:00:00" });
        using var app = await NativeApp.RegisterAsync(strict);
        var old = app.RefreshToken;
        await app.RotateAsync();
        await app.RotateAsync();

        using var reused = await app.RefreshAsync(old);

        await reused.RefusedAsync(401, "session_ended");
        Assert.Equal(["refresh_token_reused"], await strict.EndsAsync(app.UserId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("rt_")]
    [InlineData("rt_AAAA")]
    [InlineData("rt_non+sense/")]
    [InlineData("sid_AAAA")]
    [InlineData("nonsense")]
    public async Task What_is_no_refresh_token_is_refused(string text)
    {
        using var app = await NativeApp.RegisterAsync(service);

        using var refused = await app.RefreshAsync(text);

        await refused.RefusedAsync(401, "session_ended");
        Assert.Contains("malformed", service.LastRefusal(), StringComparison.Ordinal);
    }
}
