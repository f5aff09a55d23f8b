using AuthFunctions.Protocol;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Clients;
using AuthFunctions.Tests.Device;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.LostResponses;
using AuthFunctions.Tests.SignOut;
using AuthFunctions.Tests.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;
using OAuthCalls = AuthFunctions.Tests.Tokens.OAuthCalls;

namespace AuthFunctions.Tests.Delivery;

/// <summary>How a client is told that its session ended (OpenID Connect Back-Channel Logout §2.4 to §2.8), and what becomes of it where that fails.</summary>
public class LogoutDeliveryTests(BackchannelService fixture) : IClassFixture<BackchannelService>, IAsyncLifetime
{
    private TestService Service => fixture.Service;

    [Fact]
    public async Task The_logout_token_is_what_the_specification_says_and_passes_for_nothing_else()
    {
        var (userId, tokens) = await SignedOutAsync();

        var told = Assert.Single(await fixture.ToldAsync());
        using var browser = Service.NewBrowser();
        using var jwks = await browser.GetAsync(Contoso + "/.well-known/jwks.json");
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(told.Token, new TokenValidationParameters
        {
            ValidIssuer = Contoso,
            ValidAudience = "demo-spa",
            ValidTypes = ["logout+jwt"],
            ValidAlgorithms = ["ES256"],
            IssuerSigningKeys = new JsonWebKeySet(await jwks.Content.ReadAsStringAsync()).GetSigningKeys(),
            LifetimeValidator = (_, expires, _, _) =>
                expires is { } at && at > Service.Clock.GetUtcNow() && at <= Service.Clock.GetUtcNow().AddMinutes(2),
        });

        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal("aud events exp iat iss jti sid sub", OAuthCalls.Members(told.Claims));
        Assert.Equal("""{"http://schemas.openid.net/event/backchannel-logout":{}}""", told.Claims.GetProperty("events").GetRawText());
        Assert.Equal((userId, BackchannelService.Sid(tokens)), (told.Claims.Text("sub"), told.Sid));
        Assert.Equal(Service.Clock.GetUtcNow().ToUnixTimeSeconds(), told.Claims.GetProperty("iat").GetInt64());

        // RFC 8725 §3.11: nor as a hint or as an access token.
        using var hinted = await browser.GetAsync(Contoso + "/end_session?id_token_hint=" + told.Token);
        await Ceremony.ShownAsync(hinted, 400, "invalid_request");
        browser.Headers["Authorization"] = "Bearer " + told.Token;
        using var presented = await browser.GetAsync(Contoso + "/userinfo");
        await presented.RefusedAsync(401, "invalid_token");
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    public async Task A_client_that_has_taken_it_is_told_no_more(int status)
    {
        fixture.Receiver.Answer = LogoutReceiver.Status(status);
        var (userId, _) = await SignedOutAsync();

        Assert.Single(await fixture.ToldAsync());
        await Service.RequeueAsync(TimeSpan.FromHours(1));

        Assert.Empty(fixture.Receiver.Take());
        Assert.Empty(await Service.RowsAsync(userId, "outbox_"));
        Assert.Single(await Service.EventsAsync(userId, "logout_delivered"));
    }

    [Fact]
    public async Task A_client_that_will_not_take_it_is_given_up_at_once_and_operators_see_it()
    {
        fixture.Receiver.Answer = LogoutReceiver.Status(400);
        var (userId, _) = await SignedOutAsync();

        Assert.Single(await fixture.ToldAsync());
        await Service.RequeueAsync(TimeSpan.FromHours(1));

        Assert.Empty(fixture.Receiver.Take());
        Assert.Empty(await Service.RowsAsync(userId, "outbox_"));
        Assert.Equal("logout: demo-spa: status 400", Assert.Single(await Service.EventsAsync(userId, "delivery_failed")).Columns["Reason"]);
        using var operators = await OAuthCalls.OperatorAsync(Service);
        using var outbox = await operators.GetAsync(Contoso + "/manage/outbox");
        var failed = (await outbox.JsonAsync()).GetProperty("failed").EnumerateArray().Where(f => f.Text("kind") == "logout");
        Assert.Contains("demo-spa: status 400", failed.Select(f => f.Text("reason")));
    }

    [Theory]
    [InlineData("error", "status 500")]
    [InlineData("redirect", "status 302")]
    [InlineData("not there", "status 404")]
    [InlineData("too large", "HttpRequestException")]
    [InlineData("broken off", "")]
    public async Task What_may_pass_is_tried_again_until_the_client_has_taken_it(string trouble, string reason)
    {
        fixture.Receiver.Answer = trouble switch
        {
            "error" => LogoutReceiver.Status(500),
            "not there" => LogoutReceiver.Status(404),
            "too large" => http => http.Response.WriteAsync(new string('x', (64 * 1024) + 1)),
            "broken off" => http =>
            {
                http.Abort();
                return Task.CompletedTask;
            },
            _ => http =>
            {
                http.Response.Redirect(fixture.Receiver.Url("elsewhere"));
                return Task.CompletedTask;
            },
        };
        var (userId, _) = await SignedOutAsync();
        var asked = fixture.Receiver.Asked;

        Assert.Single(await fixture.ToldAsync());
        Assert.Equal(asked + 1, fixture.Receiver.Asked);
        Assert.Single(await Service.RowsAsync(userId, "outbox_"));
        Assert.Contains(Service.Log.Lines, l => l.Contains($"failed: demo-spa: {reason}", StringComparison.Ordinal));

        // With backoff, and with a token of its own, since the first has long expired.
        fixture.Receiver.Answer = LogoutReceiver.Taken;
        await Service.RequeueAsync(TimeSpan.FromSeconds(59));
        Assert.Empty(fixture.Receiver.Take());
        await Service.RequeueAsync(TimeSpan.FromSeconds(1));
        var again = Assert.Single(fixture.Receiver.Take());
        Assert.Equal(Service.Clock.GetUtcNow().ToUnixTimeSeconds(), again.Claims.GetProperty("iat").GetInt64());
        Assert.Empty(await Service.RowsAsync(userId, "outbox_"));
    }

    [Fact]
    public async Task A_client_that_is_out_for_a_day_is_given_up_and_operators_see_it()
    {
        fixture.Receiver.Answer = LogoutReceiver.Status(503);
        var (userId, _) = await SignedOutAsync();
        for (var hours = 0; hours < 24; hours++)
        {
            await Service.RequeueAsync(TimeSpan.FromHours(1));
        }

        Assert.InRange(fixture.Receiver.Take().Count, 10, 16);
        Assert.Equal("logout: demo-spa: status 503", Assert.Single(await Service.EventsAsync(userId, "delivery_failed")).Columns["Reason"]);
        Assert.Empty(await Service.RowsAsync(userId, "outbox_"));
    }

    [Fact]
    public async Task One_client_that_is_out_keeps_no_other_from_being_told()
    {
        fixture.Receiver.Answer = http => LogoutReceiver.Status(http.Request.Path == "/demo-spa" ? 500 : 200)(http);
        using var browser = await Service.SignedInAsync();
        var userId = await browser.UserIdAsync();
        await browser.TokensAsync();
        await BackchannelService.WebTokensAsync(browser);
        using var left = await browser.PostAsync(Contoso + "/logout");

        Assert.Equal(["demo-spa", "demo-web"], (await fixture.ToldAsync()).Select(t => t.Client).Order());

        Assert.Equal("demo-web", Assert.Single(await Service.EventsAsync(userId, "logout_delivered")).Columns["ClientId"]);
        Assert.Single(await Service.RowsAsync(userId, "outbox_"));
    }

    [Fact]
    public async Task A_vault_outage_ends_the_session_all_the_same_and_the_client_is_told_after_it()
    {
        var (userId, _) = await SignedOutAsync();
        Service.Keys.Unreachable = true;
        await Assert.ThrowsAsync<OutageException>(Service.DeliverAsync);
        Assert.Empty(fixture.Receiver.Take());

        Service.Keys.Unreachable = false;
        await Service.RequeueAsync();

        Assert.Single(fixture.Receiver.Take());
        Assert.Empty(await Service.RowsAsync(userId, "outbox_"));
    }

    [Fact]
    public async Task A_lost_answer_when_it_is_struck_off_tells_nobody_twice()
    {
        var (userId, _) = await SignedOutAsync();
        var users = Service.Faults["Users"];
        (users.When, users.NextCommit) = (Picks.Deleting("outbox_"), Fault.CommitThenFail);

        Assert.Single(await fixture.ToldAsync());
        Assert.Equal(Fault.None, users.NextCommit);
        await Service.RequeueAsync(TimeSpan.FromHours(1));

        Assert.Empty(fixture.Receiver.Take());
        Assert.Single(await Service.EventsAsync(userId, "logout_delivered"));
    }

    [Fact]
    public async Task As_deployed_a_client_on_a_private_address_is_not_even_connected_to()
    {
        await using var server = await JwksServer.StartAsync("");
        await using var service = await StartAsync(new() { ["Clients:0:BackchannelLogoutUri"] = server.Url.ToString() });
        using var browser = await service.SignedInAsync();
        await browser.TokensAsync();
        using var left = await browser.PostAsync(Contoso + "/logout");

        await service.DeliverAsync();

        Assert.Equal(0, server.Asked);
        Assert.Contains(service.Log.Lines, l => l.Contains("failed: demo-spa: HttpRequestException", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_answers_too_late_is_asked_again()
    {
        fixture.Receiver.Answer = http => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        var (userId, _) = await SignedOutAsync();

        Assert.Single(await fixture.ToldAsync());

        Assert.Single(await Service.RowsAsync(userId, "outbox_"));
        Assert.Contains(Service.Log.Lines, l => l.Contains("failed: demo-spa: TaskCanceledException", StringComparison.Ordinal));
    }

    public Task InitializeAsync()
    {
        fixture.Receiver.Answer = LogoutReceiver.Taken;
        return Task.CompletedTask;
    }

    /// <summary>Nothing of a test is left for the next one.</summary>
    public async Task DisposeAsync()
    {
        fixture.Receiver.Answer = LogoutReceiver.Taken;
        await Service.RequeueAsync(TimeSpan.FromHours(1));
        fixture.Receiver.Take();
    }

    private async Task<(string UserId, System.Text.Json.JsonElement Tokens)> SignedOutAsync()
    {
        using var browser = await Service.SignedInAsync();
        var userId = await browser.UserIdAsync();
        var tokens = await browser.TokensAsync();
        using var left = await browser.PostAsync(Contoso + "/logout");
        Assert.Equal(204, (int)left.StatusCode);
        return (userId, tokens);
    }
}
