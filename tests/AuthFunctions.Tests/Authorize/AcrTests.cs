using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Authorize;

/// <summary>Authentication context classes (OpenID Connect Core §3.1.2.1, §5.5.1.1; RFC 9470 §5), and languages of the pages.</summary>
public class AcrTests
{
    private const string Silver = "urn:mace:incommon:iap:silver";

    [Theory]
    [InlineData("acr_values", "pwd")]
    [InlineData("acr_values", Silver + " pwd")]
    [InlineData("claims", """{"id_token":{"acr":{"essential":true}}}""")]
    [InlineData("claims", """{"id_token":{"acr":{"essential":true,"value":"pwd"}}}""")]
    [InlineData("claims", """{"id_token":{"acr":{"essential":true,"values":["urn:mace:incommon:iap:silver","pwd"]}}}""")]
    [InlineData("claims", """{"id_token":{"acr":{"values":["urn:mace:incommon:iap:silver"]}}}""")]
    [InlineData("claims", """{"id_token":{"acr":null}}""")]
    public async Task A_class_that_can_be_reached_is_told_in_both_tokens_and_by_introspection(string name, string value)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var redeemed = await browser.RedeemAtAsync(
            Contoso, OAuthCalls.Web, await browser.CodeAsync(("client_id", "demo-web"), (name, value)), ("client_id", null));
        var tokens = await redeemed.JsonAsync();

        var told = await browser.IntrospectAsync(OAuthCalls.Web, tokens.GetProperty("access_token").GetString()!);

        Assert.Equal("pwd", tokens.Claims("id_token").GetProperty("acr").GetString());
        Assert.Equal("pwd", tokens.Claims("access_token").GetProperty("acr").GetString());
        Assert.Equal("pwd", told.GetProperty("acr").GetString());
        Assert.Equal(service.Clock.GetUtcNow().ToUnixTimeSeconds(), told.GetProperty("auth_time").GetInt64());
    }

    [Theory]
    [InlineData("acr_values", Silver)]
    [InlineData("acr_values", "PWD")]
    [InlineData("acr_values", "1 2")]
    [InlineData("claims", """{"id_token":{"acr":{"essential":true,"value":"urn:mace:incommon:iap:silver"}}}""")]
    [InlineData("claims", """{"id_token":{"acr":{"essential":true,"values":["urn:mace:incommon:iap:silver"]}}}""")]
    [InlineData("claims", """{"id_token":{"acr":{"essential":true,"values":[]}}}""")]
    public async Task A_class_that_cannot_be_reached_is_refused(string name, string value)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        Assert.NotEmpty(await browser.CodeAsync());

        using var response = await browser.AuthorizeAsync((name, value));

        Ceremony.Errs(response, "unmet_authentication_requirements");
    }

    [Fact]
    public async Task Languages_are_carried_to_the_pages()
    {
        await using var service = await StartAsync();
        using var stranger = service.NewBrowser();
        using var browser = await service.SignedInAsync();

        using var toSignIn = await stranger.AuthorizeAsync(("ui_locales", "de-CH fr"));
        using var toConsent = await browser.AuthorizeAsync([.. Ceremony.AsPartner, ("ui_locales", "de-CH fr")]);

        Assert.Contains("&ui_locales=de-CH%20fr", Ceremony.Onwards(toSignIn, "/signin"), StringComparison.Ordinal);
        Assert.Contains("&ui_locales=de-CH%20fr", Ceremony.Onwards(toConsent, "/consent"), StringComparison.Ordinal);
    }
}
