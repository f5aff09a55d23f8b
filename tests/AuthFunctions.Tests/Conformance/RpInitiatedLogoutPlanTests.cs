using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using Microsoft.AspNetCore.WebUtilities;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Conformance;

/// <summary>
/// Modelled on <c>oidcc-rp-initiated-logout-certification-test-plan</c>. Each test signs out with a valid request but for one thing, and
/// then asks with <c>prompt=none</c> whether the person is still signed in.
/// </summary>
public class RpInitiatedLogoutPlanTests(RelyingParty party) : IClassFixture<RelyingParty>
{
    private const string Home = RelyingParty.Home;

    [Fact, Module("oidcc-rp-initiated-logout-discovery-endpoint-verification")]
    public void The_metadata_name_the_endpoint() =>
        Assert.Equal(Contoso + "/end_session", party.Endpoint("end_session_endpoint"));

    [Fact, Module("oidcc-rp-initiated-logout")]
    public async Task It_signs_out_and_leads_back_with_the_state()
    {
        using var browser = await party.Service.SignedInAsync();

        using var response = await LogoutAsync(browser);

        Assert.Equal(Home + "?state=xyz", response.Headers.Location!.OriginalString);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact, Module("oidcc-rp-initiated-logout-no-state")]
    public async Task Without_a_state_it_leads_back_without_one()
    {
        using var browser = await party.Service.SignedInAsync();

        using var response = await LogoutAsync(browser, ("state", null));

        Assert.Equal(Home, response.Headers.Location!.OriginalString);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact, Module("oidcc-rp-initiated-logout-no-post-logout-redirect-uri")]
    public async Task Without_a_URI_it_signs_out_and_says_so_on_a_page()
    {
        using var browser = await party.Service.SignedInAsync();

        using var response = await LogoutAsync(browser, ("post_logout_redirect_uri", null));

        await IsPageAsync(response);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact, Module("oidcc-rp-initiated-logout-no-params")]
    public async Task Without_any_parameter_the_person_is_asked_and_the_form_signs_out()
    {
        using var browser = await party.Service.SignedInAsync();

        using var asked = await browser.GetAsync(party.Endpoint("end_session_endpoint"));
        await IsPageAsync(asked);
        Assert.True(await IsSignedInAsync(browser));
        using var response = await browser.SubmitAsync(party.Endpoint("end_session_endpoint"), await asked.Content.ReadAsStringAsync());

        await IsPageAsync(response);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact, Module("oidcc-rp-initiated-logout-only-state")]
    public async Task With_a_state_alone_the_person_is_asked_and_nobody_is_redirected()
    {
        using var browser = await party.Service.SignedInAsync();

        using var response = await LogoutAsync(browser, ("id_token_hint", null), ("post_logout_redirect_uri", null));

        await IsPageAsync(response);
        Assert.True(await IsSignedInAsync(browser));
    }

    [Fact, Module("oidcc-rp-initiated-logout-no-id-token-hint")]
    public async Task Without_a_hint_the_URI_is_nobodys_and_nobody_is_redirected()
    {
        using var browser = await party.Service.SignedInAsync();

        using var response = await LogoutAsync(browser, ("id_token_hint", null));

        await RefusedAsync(browser, response);
    }

    [Fact, Module("oidcc-rp-initiated-logout-bad-id-token-hint")]
    public async Task What_is_no_ID_token_is_refused()
    {
        using var browser = await party.Service.SignedInAsync();

        using var response = await LogoutAsync(browser, ("id_token_hint", "not.a.token"));

        await RefusedAsync(browser, response);
    }

    [Fact, Module("oidcc-rp-initiated-logout-modified-id-token-hint")]
    public async Task An_ID_token_that_was_changed_is_refused()
    {
        using var browser = await party.Service.SignedInAsync();
        var parts = OAuthCalls.Text(await party.TokensAsync(browser), "id_token")!.Split('.');
        var changed = $"{parts[0]}.{parts[1]}.{(parts[2][0] == 'A' ? 'B' : 'A')}{parts[2][1..]}";

        using var response = await LogoutAsync(browser, ("id_token_hint", changed));

        await RefusedAsync(browser, response);
    }

    [Fact, Module("oidcc-rp-initiated-logout-bad-post-logout-redirect-uri")]
    public async Task A_URI_that_is_not_registered_is_refused()
    {
        using var browser = await party.Service.SignedInAsync();

        using var response = await LogoutAsync(browser, ("post_logout_redirect_uri", "https://another.example/"));

        await RefusedAsync(browser, response);
    }

    [Fact, Module("oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri")]
    public async Task A_registered_URI_with_a_query_added_is_refused()
    {
        using var browser = await party.Service.SignedInAsync();

        using var response = await LogoutAsync(browser, ("post_logout_redirect_uri", Home + "?foo=bar"));

        await RefusedAsync(browser, response);
    }

    private async Task<HttpResponseMessage> LogoutAsync(Browser browser, params (string Name, string? Value)[] spoilt)
    {
        var hint = OAuthCalls.Text(await party.TokensAsync(browser), "id_token")!;
        var valid = Ceremony.Spoil([("id_token_hint", hint), ("post_logout_redirect_uri", Home), ("state", "xyz")], spoilt);
        return await browser.GetAsync(QueryHelpers.AddQueryString(
            party.Endpoint("end_session_endpoint"), valid.Select(p => new KeyValuePair<string, string?>(p.Name, p.Value))));
    }

    private async Task<bool> IsSignedInAsync(Browser browser)
    {
        using var response = await browser.GetAsync(party.Request(("prompt", "none")));
        var answer = Ceremony.Answered(response);
        Assert.Equal(answer.ContainsKey("code") ? null : "login_required", answer.GetValueOrDefault("error"));
        return answer.ContainsKey("code");
    }

    private async Task RefusedAsync(Browser browser, HttpResponseMessage response)
    {
        await Ceremony.ShownAsync(response, 400, "invalid_request");
        Assert.True(await IsSignedInAsync(browser));
    }

    private static async Task IsPageAsync(HttpResponseMessage response)
    {
        Assert.Equal((200, "text/html"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Null(response.Headers.Location);
        Assert.NotEmpty(await response.Content.ReadAsStringAsync());
    }
}
