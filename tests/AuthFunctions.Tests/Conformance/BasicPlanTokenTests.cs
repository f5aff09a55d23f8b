using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;

namespace AuthFunctions.Tests.Conformance;

/// <summary>Modelled on the modules of <c>oidcc-basic-certification-test-plan</c> about the token endpoint.</summary>
public class BasicPlanTokenTests(RelyingParty party) : IClassFixture<RelyingParty>
{
    [Fact, Module("oidcc-codereuse")]
    public Task A_code_is_redeemed_once() => RedeemedAgainAsync(TimeSpan.Zero);

    [Fact, Module("oidcc-codereuse-30seconds")]
    public Task A_code_is_redeemed_once_also_after_half_a_minute() => RedeemedAgainAsync(TimeSpan.FromSeconds(30));

    [Fact, Module("oidcc-server-client-secret-post")]
    public async Task The_client_may_authenticate_by_its_secret_in_the_form()
    {
        Assert.True(party.Supports("token_endpoint_auth_methods_supported", "client_secret_post"));
        using var browser = await party.Service.SignedInAsync();
        using var answered = await browser.GetAsync(party.Request());

        using var response = await browser.FormAsync(
            party.Endpoint("token_endpoint"),
            null,
            ("grant_type", "authorization_code"), ("code", Ceremony.Answered(answered)["code"]), ("redirect_uri", Ceremony.Callback),
            ("code_verifier", Ceremony.Verifier), ("client_id", "demo-web"), ("client_secret", "demo-web-secret"));

        await party.UserInfoAsync(browser, await party.CheckedAsync(response, "n-0S6_WzA2Mj"));
    }

    [Fact, Module("oidcc-refresh-token")]
    public async Task A_refresh_token_brings_tokens_of_the_same_sign_in_and_is_no_other_clients()
    {
        using var browser = await party.Service.SignedInAsync();
        var first = await party.TokensAsync(browser, ("scope", "openid email offline_access"), ("prompt", "consent"));
        party.Service.Clock.Advance(TimeSpan.FromSeconds(2));

        // Another client first: it must not spend the token either.
        using var stolen = await Ceremony.RefreshAsync(browser, OAuthCalls.Text(first, "refresh_token")!);
        using var response = await browser.RefreshAsync(OAuthCalls.Web, OAuthCalls.Text(first, "refresh_token")!);

        await stolen.RefusedAsync(400, "invalid_grant");
        Assert.Equal(200, (int)response.StatusCode);
        var second = await response.JsonAsync();
        var (old, renewed) = (first.Claims("id_token"), await party.IdTokenAsync(OAuthCalls.Text(second, "id_token")!));
        foreach (var claim in new[] { "iss", "sub", "aud", "auth_time" })
        {
            Assert.Equal(old.GetProperty(claim).GetRawText(), renewed.GetProperty(claim).GetRawText());
        }

        Assert.True(renewed.GetProperty("iat").GetInt64() > old.GetProperty("iat").GetInt64());
        Assert.NotEqual(OAuthCalls.Text(first, "access_token"), OAuthCalls.Text(second, "access_token"));
        await party.UserInfoAsync(browser, second);
    }

    [Fact, Module("oidcc-ensure-request-with-valid-pkce-succeeds")]
    public async Task A_request_with_PKCE_succeeds()
    {
        using var browser = await party.Service.SignedInAsync();

        Assert.Contains("code_challenge_method=S256", party.Request(), StringComparison.Ordinal);
        await party.TokensAsync(browser);
    }

    /// <summary>RFC 6749 §4.1.2: what the code brought goes too.</summary>
    private async Task RedeemedAgainAsync(TimeSpan later)
    {
        using var browser = await party.Service.SignedInAsync();
        using var answered = await browser.GetAsync(party.Request());
        var code = Ceremony.Answered(answered)["code"];
        using var first = await party.RedeemAsync(browser, code);
        var tokens = await party.CheckedAsync(first, "n-0S6_WzA2Mj");
        await party.UserInfoAsync(browser, tokens);
        party.Service.Clock.Advance(later);

        using var second = await party.RedeemAsync(browser, code);
        using var refused = await party.AskUserInfoAsync(browser, HttpMethod.Get, OAuthCalls.Text(tokens, "access_token")!);

        await second.RefusedAsync(400, "invalid_grant");
        await refused.RefusedAsync(401, "invalid_token");
    }
}
