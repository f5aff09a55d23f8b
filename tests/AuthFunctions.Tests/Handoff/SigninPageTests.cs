using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Pages;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>The sign-in page: where it leads, and who may post it.</summary>
public class SigninPageTests(HandoffService shared) : IClassFixture<HandoffService>
{
    private const string Home = ContosoApp + "/";

    private readonly TestService service = shared.Service;

    public static TheoryData<string> Elsewhere =>
    [
        "http://evil.test/",
        "https://evil.test/",
        "//evil.test",
        "///evil.test",
        @"/\evil.test",
        @"\\evil.test",
        "/%09/evil.test",
        "/session",
        "/logout",
        "/",
        ".",
        "evil.test",
        "javascript:alert(1)",
        "data:text/html,hello",
        "http://app.fabrikam.localhost:5173/",
        "http://app.contoso.localhost:5173@evil.test/",
        "http://app.contoso.localhost:5173.evil.test/",
        "http://app.contoso.localhost.evil.test:5173/",
        "http://contoso.test.evil.test/",
        @"http://evil.test\@app.contoso.localhost:5173/",
        "http://ada@app.contoso.localhost:5173/",
        "https://app.contoso.localhost:5173/",
        "http://app.contoso.localhost:5174/",
        "http://app.contoso.localhost:5173/\r\nSet-Cookie: a=b",
        "/handoff",
        "/handoff?to=contoso",
        "/handoff?to=nowhere",
        "/handoff?to=fabrikam&to=evil",
        "/handoff?return_to=http://evil.test/",
        "/handoff/accept?token=x",
        "/handoff/start?from=fabrikam",
        "/handoff/../logout?to=fabrikam",
        "//handoff?to=fabrikam",
        "/handoff?to=fabrikam\r\nSet-Cookie: a=b",
        "/handoff?to=fabrikam&x=é",
        "/handoff?to=fabrikam&x=\u2028",
        "/handoff?to=fabrikam&x= y",
        "",
    ];

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task What_is_no_return_url_leads_home(string returnTo)
    {
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        using var shown = await browser.GetAsync($"{Contoso}/signin?return_to={Uri.EscapeDataString(returnTo)}");
        var page = await shown.Content.ReadAsStringAsync();

        Assert.Equal(200, (int)shown.StatusCode);
        Assert.Equal(Home, PageFields.Of(page)["return_to"]);
        using var signedIn = await browser.SubmitAsync(
            Contoso + "/signin", page, ("return_to", returnTo), ("email", email), ("password", Password));
        Assert.Equal(Home, await HandoffCeremony.RedirectedAsync(signedIn));
        Assert.NotNull(await HandoffCeremony.PersonAtAsync(browser, Contoso));
    }

    [Theory]
    [InlineData("http://app.contoso.localhost:5173/orders?x=1#y", "http://app.contoso.localhost:5173")]
    [InlineData(
        "/handoff?to=fabrikam&return_to=http%3A%2F%2Fapp.fabrikam.localhost%3A5173%2Fwelcome",
        "http://auth.fabrikam.localhost:7071 http://auth.contoso.localhost:7071 http://app.fabrikam.localhost:5173")]
    public async Task A_return_url_or_a_handoff_is_where_it_leads(string returnTo, string formTargets)
    {
        var email = NewEmail();
        using var registered = await service.SignedInAsync(email: email);
        using var browser = service.NewBrowser();
        using var shown = await browser.GetAsync($"{Contoso}/signin?return_to={Uri.EscapeDataString(returnTo)}");

        Assert.Equal(
            PagePolicy.Start + " " + formTargets,
            shown.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("same-origin", shown.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("no-store", shown.Headers.GetValues("Cache-Control").Single());
        using var signedIn = await browser.SubmitAsync(
            Contoso + "/signin", await shown.Content.ReadAsStringAsync(), ("email", email), ("password", Password));
        Assert.Equal(returnTo, await HandoffCeremony.RedirectedAsync(signedIn));
        Assert.NotNull(await HandoffCeremony.PersonAtAsync(browser, Contoso));
    }

    [Fact]
    public async Task A_handoffs_form_may_lead_to_every_return_url_of_the_target()
    {
        await using var other = await StartAsync(new() { ["Sites:fabrikam:ReturnUrls:0"] = "http://www.fabrikam.localhost:8080/welcome" });
        using var browser = other.NewBrowser();

        using var shown = await browser.GetAsync(Contoso + "/signin?return_to=%2Fhandoff%3Fto%3Dfabrikam");

        Assert.EndsWith(" http://www.fabrikam.localhost:8080", shown.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csrf missing")]
    [InlineData("csrf of another browser")]
    [InlineData("foreign origin")]
    [InlineData("app's origin")]
    [InlineData("null origin")]
    [InlineData("no origin")]
    [InlineData("plain text")]
    public async Task A_form_that_another_page_forged_signs_nobody_in(string how)
    {
        var email = NewEmail();
        using var registered = await service.SignedInAsync(email: email);
        using var browser = service.NewBrowser();
        using var shown = await browser.GetAsync(Contoso + "/signin");
        using var otherShown = await registered.GetAsync(Contoso + "/signin");
        var fields = PageFields.Of(await shown.Content.ReadAsStringAsync());
        var stolen = PageFields.Of(await otherShown.Content.ReadAsStringAsync())["csrf"];
        (fields["email"], fields["password"]) = (email, Password);
        using var request = PageFields.Post(Contoso + "/signin", how switch
        {
            "csrf missing" => fields.Where(f => f.Key != "csrf"),
            "csrf of another browser" => fields.Where(f => f.Key != "csrf").Append(new("csrf", stolen)),
            _ => fields,
        }, how switch
        {
            "foreign origin" => "http://evil.test",
            "app's origin" => ContosoApp,
            "null origin" => "null",
            "no origin" => null,
            _ => Contoso,
        });
        if (how == "plain text")
        {
            request.Content!.Headers.ContentType = new("text/plain");
        }

        using var forged = await browser.SendAsync(request);

        await HandoffCeremony.AssertErrorPageAsync(forged, how == "plain text" ? 400 : 403, how == "plain text" ? "invalid_request" : "cross_site");
        Assert.Null(browser.Cookie(Contoso, "__Host-sid"));
        using var genuine = await browser.SendAsync(PageFields.Post(Contoso + "/signin", fields, Contoso));
        Assert.Equal(303, (int)genuine.StatusCode);
        Assert.NotNull(browser.Cookie(Contoso, "__Host-sid"));
    }

    [Fact]
    public async Task A_wrong_password_shows_the_page_again_with_what_was_typed_and_nothing_that_runs()
    {
        using var browser = service.NewBrowser();
        using var shown = await browser.GetAsync(Contoso + "/signin?return_to=%2Fhandoff%3Fto%3Dfabrikam%26x%3D%22%3E%3Cscript%3E");
        var page = await shown.Content.ReadAsStringAsync();

        using var wrong = await browser.SubmitAsync(
            Contoso + "/signin", page, ("email", "\"><script>@people.test"), ("password", "not the password"));
        using var unknown = await browser.SubmitAsync(Contoso + "/signin", page, ("email", NewEmail()), ("password", "not the password"));
        var again = await wrong.Content.ReadAsStringAsync();

        Assert.True((int)wrong.StatusCode is 400 or 401);
        Assert.Equal(401, (int)unknown.StatusCode);
        Assert.Contains("The e-mail address or the password is wrong.", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("/handoff?to=fabrikam&x=\"><script>", PageFields.Of(again)["return_to"]);
        Assert.DoesNotContain("<script>", page + again, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("not the password", again, StringComparison.Ordinal);
        Assert.Null(browser.Cookie(Contoso, "__Host-sid"));
    }
}
