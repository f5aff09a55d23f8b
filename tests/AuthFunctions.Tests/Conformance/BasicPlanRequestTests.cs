using System.Buffers.Text;
using System.Text;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Conformance;

/// <summary>Modelled on the modules of <c>oidcc-basic-certification-test-plan</c> about the authorization request and its parameters.</summary>
public class BasicPlanRequestTests(RelyingParty party) : IClassFixture<RelyingParty>
{
    [Fact, Module("oidcc-response-type-missing")]
    public async Task Without_a_response_type_the_client_hears_invalid_request_and_gets_no_code()
    {
        using var browser = await party.Service.SignedInAsync();

        using var response = await browser.GetAsync(party.Request(("response_type", null)));

        Ceremony.Errs(response, "invalid_request");
    }

    [Fact, Module("oidcc-display-page")]
    public Task Display_page_is_taken() => SucceedsAsync(("display", "page"));

    [Fact, Module("oidcc-display-popup")]
    public Task Display_popup_is_taken() => SucceedsAsync(("display", "popup"));

    [Fact, Module("oidcc-prompt-login")]
    public async Task Prompt_login_asks_a_second_time_and_auth_time_moves_on()
    {
        var (first, second) = await SignedInTwiceAsync(("prompt", "login"));

        Assert.True(second > first, $"{second} is not after {first}");
    }

    [Fact, Module("oidcc-prompt-none-not-logged-in")]
    public async Task Prompt_none_without_a_session_tells_the_client_that_a_sign_in_is_required()
    {
        using var browser = party.Service.NewBrowser();

        using var response = await browser.GetAsync(party.Request(("prompt", "none")));

        Ceremony.Errs(response, "login_required");
    }

    [Fact, Module("oidcc-prompt-none-logged-in")]
    public async Task Prompt_none_with_a_session_answers_for_the_same_person_and_sign_in()
    {
        using var browser = await party.Service.SignedInAsync();
        var first = (await party.TokensAsync(browser)).Claims("id_token");
        party.Service.Clock.Advance(TimeSpan.FromSeconds(2));

        var second = (await party.TokensAsync(browser, ("prompt", "none"))).Claims("id_token");

        Assert.Equal(
            (OAuthCalls.Text(first, "sub"), first.GetProperty("auth_time").GetInt64()),
            (OAuthCalls.Text(second, "sub"), second.GetProperty("auth_time").GetInt64()));
    }

    [Fact, Module("oidcc-max-age-1")]
    public async Task A_max_age_that_has_passed_asks_a_second_time_and_auth_time_moves_on()
    {
        var (first, second) = await SignedInTwiceAsync(("max_age", "1"));

        Assert.True(second > first, $"{second} is not after {first}");
    }

    [Fact, Module("oidcc-max-age-10000")]
    public async Task A_max_age_that_has_not_passed_asks_nobody_and_tells_auth_time()
    {
        using var browser = await party.Service.SignedInAsync();
        var first = (await party.TokensAsync(browser, ("max_age", "10000"))).Claims("id_token");
        party.Service.Clock.Advance(TimeSpan.FromSeconds(2));

        var second = (await party.TokensAsync(browser, ("max_age", "10000"))).Claims("id_token");

        Assert.Equal(first.GetProperty("auth_time").GetInt64(), second.GetProperty("auth_time").GetInt64());
    }

    [Fact, Module("oidcc-ensure-request-with-unknown-parameter-succeeds")]
    public Task A_parameter_that_nobody_knows_is_ignored() => SucceedsAsync(("extra", "foobar"));

    [Fact, Module("oidcc-id-token-hint")]
    public async Task An_ID_token_as_the_hint_answers_for_the_same_person_without_asking()
    {
        using var browser = await party.Service.SignedInAsync();
        var first = await party.TokensAsync(browser);

        var second = await party.TokensAsync(browser, ("prompt", "none"), ("id_token_hint", OAuthCalls.Text(first, "id_token")));

        Assert.Equal(OAuthCalls.Text(first.Claims("id_token"), "sub"), OAuthCalls.Text(second.Claims("id_token"), "sub"));
    }

    [Fact, Module("oidcc-login-hint")]
    public Task A_login_hint_is_taken() => SucceedsAsync(("login_hint", "somebody@people.test"));

    [Fact, Module("oidcc-ui-locales")]
    public Task Preferred_languages_of_the_pages_are_taken() => SucceedsAsync(("ui_locales", "se en"));

    [Fact, Module("oidcc-claims-locales")]
    public Task Preferred_languages_of_the_claims_are_taken() => SucceedsAsync(("claims_locales", "se"));

    [Fact, Module("oidcc-ensure-request-with-acr-values-succeeds")]
    public async Task Each_class_that_the_metadata_lists_can_be_asked_for_and_is_told()
    {
        using var browser = await party.Service.SignedInAsync();
        var listed = party.Metadata.GetProperty("acr_values_supported").EnumerateArray().Select(a => a.GetString()!).ToList();

        var tokens = await party.TokensAsync(browser, ("acr_values", string.Join(' ', listed)));

        Assert.Contains(OAuthCalls.Text(tokens.Claims("id_token"), "acr"), listed);
    }

    [Fact, Module("oidcc-ensure-registered-redirect-uri")]
    public async Task A_redirect_URI_that_is_not_registered_is_shown_to_the_person_and_nobody_is_redirected()
    {
        using var browser = await party.Service.SignedInAsync();

        using var response = await browser.GetAsync(party.Request(("redirect_uri", Ceremony.Callback + "/unregistered")));

        await Ceremony.ShownAsync(response, 400, "invalid_request");
    }

    [Fact, Module("oidcc-ensure-post-request-succeeds")]
    public async Task The_request_may_be_a_POST()
    {
        using var browser = await party.Service.SignedInAsync();

        using var posted = await browser.FormAsync(
            party.Endpoint("authorization_endpoint"), null, Ceremony.Request(("client_id", RelyingParty.ClientId)));
        using var response = await browser.GetAsync(Contoso + Ceremony.Onwards(posted, "/authorize"));

        await party.TokensAsync(browser, response);
    }

    [Fact, Module("oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported")]
    public async Task A_request_by_reference_is_refused_as_not_supported()
    {
        Assert.False(party.Metadata.GetProperty("request_uri_parameter_supported").GetBoolean());
        using var browser = await party.Service.SignedInAsync();

        using var response = await browser.GetAsync(party.Request(("request_uri", "https://client.example/request.jwt")));

        Ceremony.Errs(response, "request_uri_not_supported");
    }

    [Fact, Module("oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported")]
    public async Task An_unsigned_request_object_is_refused()
    {
        Assert.False(party.Supports("request_object_signing_alg_values_supported", "none"));
        using var browser = await party.Service.SignedInAsync();

        using var response = await browser.GetAsync(party.Request(("request", Unsigned(Ceremony.Callback))));

        await Ceremony.ShownAsync(response, 400, "invalid_request_object");
    }

    [Fact, Module("oidcc-ensure-request-object-with-redirect-uri")]
    public async Task A_redirect_URI_in_an_unsigned_request_object_leads_nowhere()
    {
        using var browser = await party.Service.SignedInAsync();

        using var response = await browser.GetAsync(
            party.Request(("request", Unsigned("https://another.example/callback"))));

        await Ceremony.ShownAsync(response, 400, "invalid_request_object");
    }

    [Fact, Module("oidcc-claims-essential")]
    public async Task A_claim_that_is_essential_is_told_without_its_scope()
    {
        using var browser = await party.Service.SignedInAsync();

        var tokens = await party.TokensAsync(browser, ("scope", "openid"), ("claims", """{"userinfo":{"name":{"essential":true}}}"""));

        Assert.Equal("Test Person", OAuthCalls.Text(await party.UserInfoAsync(browser, tokens), "name"));
    }

    private static string Unsigned(string redirectUri) =>
        Base64Url.EncodeToString("""{"alg":"none","typ":"oauth-authz-req+jwt"}"""u8) + "."
        + Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"client_id":"demo-web","redirect_uri":"{{redirectUri}}"}""")) + ".";

    private async Task SucceedsAsync((string Name, string? Value) parameter)
    {
        using var browser = await party.Service.SignedInAsync();
        await party.UserInfoAsync(browser, await party.TokensAsync(browser, parameter));
    }

    /// <summary>The <c>auth_time</c> of a flow, and that of a second one, seconds later, in which the person must type the password.</summary>
    private async Task<(long First, long Second)> SignedInTwiceAsync((string Name, string? Value) parameter)
    {
        var email = NewEmail();
        using var browser = await party.Service.SignedInAsync(email: email);
        var first = (await party.TokensAsync(browser)).Claims("id_token");
        party.Service.Clock.Advance(TimeSpan.FromSeconds(3));

        using var start = await browser.GetAsync(party.Request(parameter));
        using var end = await browser.SignInOnPageAsync(start, email);
        var second = (await party.TokensAsync(browser, end)).Claims("id_token");

        Assert.Equal(OAuthCalls.Text(first, "sub"), OAuthCalls.Text(second, "sub"));
        return (first.GetProperty("auth_time").GetInt64(), second.GetProperty("auth_time").GetInt64());
    }
}
