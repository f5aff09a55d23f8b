using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>A native app hands its session to a browser: <c>Authorization: Bearer</c> at step 2.</summary>
public class HandoffBearerTests
{
    [Theory]
    [InlineData("Never")]
    [InlineData("Always")]
    public async Task A_first_party_access_token_hands_over_and_needs_no_click(string confirm)
    {
        await using var service = await StartAsync(new() { ["Handoff:Confirm"] = confirm });
        using var handoff = new HandoffCeremony(service, service.NewBrowser());
        var token = await NativeTokenAsync(service);

        var three = await HandoffCeremony.RedirectedAsync(await BearingAsync(handoff, await handoff.StartAsync(), token));

        await handoff.ArriveAsync(three);
        Assert.Equal(HandoffCeremony.Claims(token).GetProperty("sub").GetString(), await handoff.PersonAtAsync(Fabrikam));
    }

    [Fact]
    public async Task A_token_for_an_api_hands_nothing_over()
    {
        await using var service = await StartAsync(new() { ["Sites:contoso:Resource"] = "https://api.contoso.test" });
        using var handoff = new HandoffCeremony(service, service.NewBrowser());
        var token = await NativeTokenAsync(service);
        Assert.Equal("https://api.contoso.test", HandoffCeremony.Claims(token).GetProperty("aud").GetString());

        await AssertNobodyAsync(handoff, token);

        // The same claims for the issuer pass.
        var (header, claims) = Forgery.Read(token);
        claims["aud"] = Contoso;
        using var passes = await BearingAsync(handoff, await handoff.StartAsync(), Forgery.Sign(service.Keys, header, claims));
        Assert.StartsWith(Fabrikam + "/handoff/accept?token=", passes.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clients_or_another_sites_or_an_expired_or_ended_token_hands_nothing_over()
    {
        await using var service = await StartAsync();
        using var handoff = new HandoffCeremony(service, service.NewBrowser());
        var token = await NativeTokenAsync(service);
        var (header, claims) = Forgery.Read(token);

        var clients = claims.DeepClone().AsObject();
        clients["client_id"] = "demo-web";
        await AssertNobodyAsync(handoff, Forgery.Sign(service.Keys, header, clients));
        await AssertNobodyAsync(handoff, await NativeTokenAsync(service, Fabrikam));

        service.Clock.Advance(TimeSpan.FromSeconds(299));
        using (var last = await BearingAsync(handoff, await handoff.StartAsync(), token))
        {
            Assert.StartsWith(Fabrikam, last.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }

        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await AssertNobodyAsync(handoff, token);

        var ended = await NativeTokenAsync(service);
        using var logout = new HttpRequestMessage(HttpMethod.Post, Contoso + "/logout");
        logout.Headers.Authorization = new("Bearer", ended);
        using var done = await handoff.Browser.SendAsync(logout);
        Assert.Equal(204, (int)done.StatusCode);
        await AssertNobodyAsync(handoff, ended);
    }

    private static async Task AssertNobodyAsync(HandoffCeremony handoff, string token)
    {
        using var asked = await BearingAsync(handoff, await handoff.StartAsync(), token);
        Assert.StartsWith("/signin?return_to=", await HandoffCeremony.RedirectedAsync(asked), StringComparison.Ordinal);
        using var silent = await BearingAsync(handoff, await handoff.StartAsync("&prompt=none"), token);
        Assert.StartsWith(
            Fabrikam + "/handoff/accept?error=login_required&nonce_hash=", await HandoffCeremony.RedirectedAsync(silent), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> BearingAsync(HandoffCeremony handoff, string url, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = new("Bearer", token);
        return handoff.Browser.SendAsync(request);
    }

    private static async Task<string> NativeTokenAsync(TestService service, string site = Contoso)
    {
        using var app = service.NewBrowser();
        var email = NewEmail();
        using var registered = await app.PostAsync(site + "/register", new { email, password = Password, transport = "body" }, origin: null);
        Assert.Equal(201, (int)registered.StatusCode);
        return (await registered.TextAsync("access_token"))!;
    }
}
