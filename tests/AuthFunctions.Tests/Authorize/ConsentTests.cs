using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Authorize.Ceremony;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Authorize;

public class ConsentTests
{
    [Fact]
    public async Task A_third_party_asks_once_and_is_remembered_for_what_it_was_given()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();

        using var first = await browser.AuthorizeAsync(Partner("openid"));
        using var given = await browser.ConsentAsync(first);
        using var again = await browser.AuthorizeAsync(Partner("openid"));
        using var wider = await browser.AuthorizeAsync(Partner("openid email"));
        using var widened = await browser.ConsentAsync(wider);
        using var both = await browser.AuthorizeAsync(Partner("email"));

        using var redeemed = await browser.RedeemAsync(Answered(given, PartnerCallback)["code"], AsPartner);
        Assert.Equal("openid", await redeemed.TextAsync("scope"));
        Assert.NotEmpty(Answered(again, PartnerCallback)["code"]);
        Assert.NotEmpty(Answered(widened, PartnerCallback)["code"]);
        Assert.NotEmpty(Answered(both, PartnerCallback)["code"]);
    }

    [Fact]
    public async Task The_teams_own_client_asks_nobody()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();

        Assert.NotEmpty(await browser.CodeAsync(("scope", "openid offline_access")));
    }

    [Theory]
    [InlineData("openid", "consent")]
    [InlineData("openid offline_access", null)]
    public async Task A_remembered_consent_is_asked_again_when_the_client_says_so_and_for_offline_access(string scope, string? prompt)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var first = await browser.AuthorizeAsync(Partner(scope));
        using var given = await browser.ConsentAsync(first);
        Assert.NotEmpty(Answered(given, PartnerCallback)["code"]);

        using var again = await browser.AuthorizeAsync([.. Partner(scope), ("prompt", prompt)]);
        using var silent = await browser.AuthorizeAsync([.. Partner("openid email"), ("prompt", "none")]);

        Onwards(again, "/consent");
        Errs(silent, "consent_required", PartnerCallback);
    }

    [Fact]
    public async Task A_refusal_is_told_to_the_client_and_not_remembered()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var first = await browser.AuthorizeAsync(AsPartner);

        using var denied = await browser.ConsentAsync(first, "deny");
        using var again = await browser.AuthorizeAsync(AsPartner);

        Errs(denied, "access_denied", PartnerCallback);
        Onwards(again, "/consent");
    }

    [Fact]
    public async Task A_form_that_another_page_made_gives_no_consent()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var asked = await browser.AuthorizeAsync(AsPartner);
        using var page = await browser.GetAsync(Contoso + Onwards(asked, "/consent"));
        var html = await page.Content.ReadAsStringAsync();

        using var withoutToken = await browser.SubmitAsync(Contoso + "/consent", html, ("csrf", ""), ("choice", "allow"));
        using var withoutOrigin = await browser.FormAsync(Contoso + "/consent", null, ("choice", "allow"));
        using var after = await browser.AuthorizeAsync(AsPartner);

        await ShownAsync(withoutToken, 403, "cross_site");
        await ShownAsync(withoutOrigin, 403, "cross_site");
        Onwards(after, "/consent");
        using var honest = await browser.SubmitAsync(Contoso + "/consent", html, ("choice", "allow"));
        Assert.NotEmpty(Answered(honest, PartnerCallback)["code"]);
    }

    [Fact]
    public async Task The_page_opened_by_hand_does_not_lead_past_the_sign_in_that_was_asked_for()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        service.Clock.Advance(TimeSpan.FromMinutes(5));
        using var start = await browser.AuthorizeAsync([.. AsPartner, ("prompt", "login")]);
        var sealedRequest = Onwards(start, "/signin").Split("sealed%3D")[1];

        using var page = await browser.GetAsync(Contoso + "/consent?sealed=" + sealedRequest);
        using var posted = await browser.SubmitAsync(Contoso + "/consent", await page.Content.ReadAsStringAsync(), ("choice", "allow"));
        using var resumed = await browser.GetAsync(Contoso + Onwards(posted, "/authorize"));

        Onwards(resumed, "/signin");
    }

    [Fact]
    public async Task Who_signed_in_after_the_page_was_shown_to_somebody_else_is_asked_anew()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var other = await service.SignedInAsync(email: email);
        using var browser = await service.SignedInAsync();
        using var asked = await browser.AuthorizeAsync(AsPartner);
        using var page = await browser.GetAsync(Contoso + Onwards(asked, "/consent"));
        var html = await page.Content.ReadAsStringAsync();
        using var login = await browser.PostAsync(Contoso + "/login", new { email, password = Password });
        Assert.Equal(200, (int)login.StatusCode);

        using var posted = await browser.SubmitAsync(Contoso + "/consent", html, ("choice", "allow"));
        using var resumed = await browser.GetAsync(Contoso + Onwards(posted, "/authorize"));

        Onwards(resumed, "/consent");
    }

    private static (string Name, string? Value)[] Partner(string scope) => [.. AsPartner, ("scope", scope)];
}
