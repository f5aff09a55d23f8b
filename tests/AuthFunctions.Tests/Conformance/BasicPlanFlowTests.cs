using System.Text.Json;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Tokens;

namespace AuthFunctions.Tests.Conformance;

/// <summary>Modelled on the modules of <c>oidcc-basic-certification-test-plan</c> about the flow as such, its tokens and its claims.</summary>
public class BasicPlanFlowTests(RelyingParty party) : IClassFixture<RelyingParty>
{
    private static readonly string[] Scopes = ["openid", "profile", "email", "address", "phone"];
    private static readonly string[] Standard = ["address", "phone_number", "phone_number_verified", "email", "email_verified", "name"];

    [Fact, Module("oidcc-server")]
    public async Task The_code_flow_ends_in_an_ID_token_that_holds_and_in_the_same_persons_userinfo()
    {
        using var browser = await party.Service.SignedInAsync();

        var tokens = await party.TokensAsync(browser);

        await party.UserInfoAsync(browser, tokens);
    }

    [Fact, Module("oidcc-idtoken-signature")]
    public async Task ID_tokens_are_signed_with_the_algorithm_that_the_metadata_lists_by_a_published_key()
    {
        using var browser = await party.Service.SignedInAsync();

        var (header, _) = OAuthCalls.Decode(OAuthCalls.Text(await party.TokensAsync(browser), "id_token")!);

        Assert.True(party.Supports("id_token_signing_alg_values_supported", OAuthCalls.Text(header, "alg")!));
    }

    [Fact, Module("oidcc-idtoken-unsigned")]
    public async Task Unsigned_ID_tokens_are_neither_offered_nor_made()
    {
        using var browser = await party.Service.SignedInAsync();

        var (header, _) = OAuthCalls.Decode(OAuthCalls.Text(await party.TokensAsync(browser), "id_token")!);

        Assert.False(party.Supports("id_token_signing_alg_values_supported", "none"));
        Assert.NotEqual("none", OAuthCalls.Text(header, "alg"));
    }

    [Fact, Module("oidcc-userinfo-get")]
    public async Task Userinfo_answers_GET_with_the_token_in_the_header() => await AskedBy(HttpMethod.Get);

    [Fact, Module("oidcc-userinfo-post-header")]
    public async Task Userinfo_answers_POST_with_the_token_in_the_header() => await AskedBy(HttpMethod.Post);

    [Fact, Module("oidcc-userinfo-post-body")]
    public async Task Userinfo_answers_POST_with_the_token_in_the_form()
    {
        using var browser = await party.Service.SignedInAsync();
        var tokens = await party.TokensAsync(browser);

        using var response = await browser.FormAsync(
            party.Endpoint("userinfo_endpoint"), null, ("access_token", OAuthCalls.Text(tokens, "access_token")!));

        await RelyingParty.CheckedUserInfoAsync(response, tokens);
    }

    [Fact, Module("oidcc-ensure-request-without-nonce-succeeds-for-code-flow")]
    public async Task Without_a_nonce_the_flow_succeeds_and_the_ID_token_has_none()
    {
        using var browser = await party.Service.SignedInAsync();

        var tokens = await party.TokensAsync(browser, ("nonce", null));

        Assert.False(tokens.Claims("id_token").TryGetProperty("nonce", out _));
    }

    [Fact, Module("oidcc-scope-profile")]
    public Task The_scope_profile_brings_the_name() => BringsAsync("openid profile", "name");

    [Fact, Module("oidcc-scope-email")]
    public Task The_scope_email_brings_the_address_and_whether_it_is_verified() => BringsAsync("openid email", "email", "email_verified");

    [Fact, Module("oidcc-scope-address")]
    public Task The_scope_address_is_not_offered_and_refused() => RefusedAsync("address");

    [Fact, Module("oidcc-scope-phone")]
    public Task The_scope_phone_is_not_offered_and_refused() => RefusedAsync("phone");

    [Fact, Module("oidcc-scope-all")]
    public Task All_scopes_of_OpenID_Connect_that_are_offered_bring_all_their_claims() =>
        BringsAsync(
            string.Join(' ', Scopes.Where(s => party.Supports("scopes_supported", s))),
            "name", "email", "email_verified");

    [Fact, Module("oidcc-alternate-happy-flow")]
    public async Task The_order_of_scopes_and_of_parameters_does_not_matter()
    {
        using var browser = await party.Service.SignedInAsync();
        var request = new Uri(party.Request(("scope", "email openid")));

        using var response = await browser.GetAsync(
            request.GetLeftPart(UriPartial.Path) + "?" + string.Join('&', request.Query[1..].Split('&').Reverse()));
        var claims = await party.UserInfoAsync(browser, await party.TokensAsync(browser, response));

        Assert.True(claims.TryGetProperty("email", out _));
    }

    private async Task AskedBy(HttpMethod method)
    {
        using var browser = await party.Service.SignedInAsync();
        var tokens = await party.TokensAsync(browser);

        using var response = await party.AskUserInfoAsync(browser, method, OAuthCalls.Text(tokens, "access_token")!);

        await RelyingParty.CheckedUserInfoAsync(response, tokens);
    }

    private async Task BringsAsync(string scope, params string[] claims)
    {
        using var browser = await party.Service.SignedInAsync();

        var told = await party.UserInfoAsync(browser, await party.TokensAsync(browser, ("scope", scope)));

        Assert.Equal(claims.Order(), Standard.Where(c => told.TryGetProperty(c, out _)).Order());
        Assert.All(claims, c => Assert.NotEqual(JsonValueKind.Null, told.GetProperty(c).ValueKind));
    }

    /// <summary>The suite leaves such a module out when the metadata does not list the scope.</summary>
    private async Task RefusedAsync(string scope)
    {
        Assert.False(party.Supports("scopes_supported", scope));
        using var browser = await party.Service.SignedInAsync();

        using var response = await browser.GetAsync(party.Request(("scope", "openid " + scope)));

        Ceremony.Errs(response, "invalid_scope");
    }
}
