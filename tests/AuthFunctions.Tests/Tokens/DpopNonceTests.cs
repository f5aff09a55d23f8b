using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Tokens;

/// <summary>Server nonces of DPoP proofs (RFC 9449 §8, §9).</summary>
public class DpopNonceTests
{
    private static readonly (string Name, string Value)[] Asked = [("grant_type", "client_credentials")];

    [Fact]
    public async Task Without_a_nonce_the_client_is_told_one_which_will_do_and_each_answer_tells_the_next()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);

        using var without = await key.FormAsync(browser, "/token", OAuthCalls.Machine, key.Proof("POST", Contoso + "/token"), Asked);
        var told = key.Nonce;
        using var with = await key.FormAsync(browser, "/token", OAuthCalls.Machine, key.Proof("POST", Contoso + "/token"), Asked);

        await without.RefusedAsync(400, "use_dpop_nonce");
        Assert.NotNull(told);
        Assert.Equal(200, (int)with.StatusCode);
        Assert.NotEqual(told, key.Nonce);
    }

    [Fact]
    public async Task A_nonce_is_good_for_five_minutes_for_any_number_of_proofs()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);
        await key.LearnNonceAsync(browser);
        var nonce = key.Nonce;

        service.Clock.Advance(TimeSpan.FromSeconds(299));
        using var one = await SendAsync();
        using var another = await SendAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var late = await SendAsync();

        Assert.Equal((200, 200), ((int)one.StatusCode, (int)another.StatusCode));
        await late.RefusedAsync(400, "use_dpop_nonce");

        Task<HttpResponseMessage> SendAsync() => key.FormAsync(
            browser, "/token", OAuthCalls.Machine, key.Proof("POST", Contoso + "/token", spoil: (_, claims) => claims["nonce"] = nonce), Asked);
    }

    [Theory]
    [InlineData("made up")]
    [InlineData("")]
    [InlineData("spoilt")]
    public async Task A_nonce_that_the_site_did_not_make_will_not_do(string nonce)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);
        await key.LearnNonceAsync(browser);
        var spoilt = nonce == "spoilt" ? key.Nonce![..^1] + (key.Nonce[^1] == 'A' ? 'Q' : 'A') : nonce;

        using var response = await key.FormAsync(
            browser, "/token", OAuthCalls.Machine, key.Proof("POST", Contoso + "/token", spoil: (_, claims) => claims["nonce"] = spoilt), Asked);

        await response.RefusedAsync(400, "use_dpop_nonce");
        service.AssertReason("stale nonce");
    }

    [Fact]
    public async Task A_nonce_of_another_site_will_not_do()
    {
        await using var service = await StartAsync(new() { ["Clients:2:Sites:1"] = "fabrikam" });
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);
        await key.LearnNonceAsync(browser);
        browser.Headers["DPoP"] = key.Proof("POST", Fabrikam + "/token");

        using var response = await browser.FormAsync(Fabrikam + "/token", OAuthCalls.Machine, Asked);

        await response.RefusedAsync(400, "use_dpop_nonce");
    }

    [Fact]
    public async Task Where_none_is_required_a_proof_goes_without()
    {
        await using var service = await StartAsync(new() { ["Dpop:RequireNonce"] = "false" });
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);

        using var response = await key.FormAsync(browser, "/token", OAuthCalls.Machine, key.Proof("POST", Contoso + "/token"), Asked);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.False(response.Headers.Contains("DPoP-Nonce"));
    }

    [Fact]
    public async Task The_demand_for_a_nonce_uses_neither_a_code_nor_a_refresh_token_up()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);
        var granted = await service.GrantedAsync("demo-web");

        using var demanded = await key.FormAsync(
            browser, "/token", OAuthCalls.Web, key.Proof("POST", Contoso + "/token"), ("grant_type", "refresh_token"), ("refresh_token", granted.RefreshToken));
        var commits = service.Counter.Commits;
        using var valid = await key.FormAsync(
            browser, "/token", OAuthCalls.Web, key.Proof("POST", Contoso + "/token"), ("grant_type", "refresh_token"), ("refresh_token", granted.RefreshToken));

        await demanded.RefusedAsync(400, "use_dpop_nonce");
        Assert.Equal(200, (int)valid.StatusCode);

        // The proof and the rotation.
        Assert.Equal(commits + 2, service.Counter.Commits);
    }

    [Theory]
    [InlineData("Dpop:NonceLifetime", "00:00:29")]
    [InlineData("Dpop:NonceLifetime", "01:00:01")]
    [InlineData("Dpop:ProofLifetime", "00:00:09")]
    [InlineData("Dpop:ProofLifetime", "00:05:01")]
    public async Task A_lifetime_out_of_range_keeps_the_service_from_starting(string setting, string value)
    {
        var refused = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => StartAsync(new() { [setting] = value }));

        Assert.Contains(setting, refused.Message, StringComparison.Ordinal);
    }
}
