using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Authorize.Ceremony;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Authorize;

/// <summary>The parameter <c>claims</c> (OpenID Connect Core §5.5).</summary>
public class ClaimsParameterTests
{
    private static readonly string[] ByName = ["email", "email_verified", "name"];
    private static readonly (string Name, string? Value) OpenIdAlone = ("scope", "openid");

    [Theory]
    [InlineData("""{"id_token":{"email":null}}""", "email", "")]
    [InlineData("""{"id_token":{"name":{"essential":true}},"userinfo":{"email":null,"email_verified":{"essential":false}}}""", "name", "email email_verified")]
    [InlineData("""{"userinfo":{"name":{},"picture":{"essential":true},"https://example/x":{"value":7}}}""", "", "name")]
    [InlineData("""{"id_token":null,"x":1}""", "", "")]
    public async Task Claims_are_told_by_name_where_they_were_asked_for_and_stay_so_when_refreshed(string claims, string inIdToken, string atUserInfo)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();

        var tokens = await browser.TokensAsync(OpenIdAlone, ("claims", claims));
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var refreshed = await browser.RefreshAsync(tokens.Text("refresh_token"));
        var again = await refreshed.JsonAsync();

        foreach (var answer in new[] { tokens, again })
        {
            var idToken = answer.Claims("id_token").EnumerateObject().Select(m => m.Name).ToList();
            Assert.Equal(inIdToken, string.Join(' ', ByName.Where(idToken.Contains)));
            var request = new HttpRequestMessage(HttpMethod.Get, Contoso + "/userinfo");
            request.Headers.Authorization = new("Bearer", answer.Text("access_token"));
            using var info = await browser.SendAsync(request);
            Assert.Equal(
                atUserInfo, string.Join(' ', (await info.JsonAsync()).EnumerateObject().Select(m => m.Name).Where(n => n != "sub").Order(StringComparer.Ordinal)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"id_token":[]}""")]
    [InlineData("""{"id_token":{"email":true}}""")]
    [InlineData("""{"id_token":{"sub":{"value":1}}}""")]
    [InlineData("""{"id_token":{"sub":{"values":"x"}}}""")]
    [InlineData("""{"id_token":{"sub":{"values":[null]}}}""")]
    [InlineData("""{"id_token":{"acr":{"essential":"yes"}}}""")]
    [InlineData("""{"id_token":{"email":null,"email":null}}""")]
    [InlineData("""{"id_token":{"sub":{"value":"\ud800"}}}""")]
    public async Task What_is_malformed_is_refused(string claims)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        Assert.NotEmpty(await browser.CodeAsync(("claims", """{"id_token":{"email":null}}""")));

        using var response = await browser.AuthorizeAsync(("claims", claims));

        if (claims.Length == 0)
        {
            // An empty parameter counts as none (RFC 6749 §3.1).
            Assert.NotEmpty(Answered(response)["code"]);
            return;
        }

        Errs(response, "invalid_request");
    }

    [Theory]
    [InlineData("id_token", "value")]
    [InlineData("id_token", "values")]
    [InlineData("userinfo", "value")]
    public async Task A_sub_that_is_asked_for_lets_no_other_user_answer(string member, string kind)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var other = await service.SignedInAsync();
        var sub = (await browser.TokensAsync()).Claims("id_token").Text("sub");
        var claims = kind == "value"
            ? $$$$"""{"{{{{member}}}}":{"sub":{"value":"{{{{sub}}}}"}}}"""
            : $$$$"""{"{{{{member}}}}":{"sub":{"values":["nobody","{{{{sub}}}}"]}}}""";

        using var hers = await browser.AuthorizeAsync(("claims", claims));
        using var his = await other.AuthorizeAsync(("claims", claims));

        Assert.NotEmpty(Answered(hers)["code"]);
        Errs(his, "login_required");
    }

    [Fact]
    public async Task A_hint_and_a_sub_of_two_users_let_nobody_answer()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var other = await service.SignedInAsync();
        var hers = await browser.TokensAsync();
        var his = (await other.TokensAsync()).Claims("id_token").Text("sub");

        using var same = await browser.AuthorizeAsync(("id_token_hint", hers.Text("id_token")));
        using var mixed = await browser.AuthorizeAsync(
            ("id_token_hint", hers.Text("id_token")), ("claims", $$$$"""{"id_token":{"sub":{"value":"{{{{his}}}}"}}}"""));

        Assert.NotEmpty(Answered(same)["code"]);
        Errs(mixed, "login_required");
    }

    [Fact]
    public async Task A_third_party_gets_a_claim_by_name_only_with_consent_to_its_scope()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var first = await browser.AuthorizeAsync([.. AsPartner, OpenIdAlone]);
        (await browser.ConsentAsync(first)).Dispose();

        using var plain = await browser.AuthorizeAsync([.. AsPartner, OpenIdAlone]);
        using var byName = await browser.AuthorizeAsync([.. AsPartner, OpenIdAlone, ("claims", """{"userinfo":{"email":null}}""")]);
        using var page = await browser.GetAsync(Contoso + Onwards(byName, "/consent"));
        using var given = await browser.ConsentAsync(byName);
        using var remembered = await browser.AuthorizeAsync([.. AsPartner, OpenIdAlone, ("claims", """{"userinfo":{"email":null}}""")]);

        Assert.NotEmpty(Answered(plain, PartnerCallback)["code"]);
        Assert.Contains("your e-mail address", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEmpty(Answered(given, PartnerCallback)["code"]);
        Assert.NotEmpty(Answered(remembered, PartnerCallback)["code"]);
    }

    [Fact]
    public async Task A_claim_whose_scope_the_client_may_not_have_is_left_out()
    {
        await using var service = await StartAsync(new() { ["Clients:0:Scopes:2"] = "profile" });
        using var browser = await service.SignedInAsync();

        var tokens = await browser.TokensAsync(OpenIdAlone, ("claims", """{"id_token":{"email":{"essential":true},"name":null}}"""));

        Assert.False(tokens.Claims("id_token").TryGetProperty("email", out _));
        Assert.Equal("Test Person", tokens.Claims("id_token").Text("name"));
    }

    [Theory]
    [InlineData("claims", 2048)]
    [InlineData("ui_locales", 128)]
    [InlineData("acr_values", 128)]
    public async Task A_value_has_a_limit(string name, int longest)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var value = name == "claims" ? "{}" : "pwd";

        Assert.NotEmpty(await browser.CodeAsync((name, value.PadRight(longest))));
        using var response = await browser.AuthorizeAsync((name, value.PadRight(longest + 1)));

        Errs(response, "invalid_request");
    }
}
