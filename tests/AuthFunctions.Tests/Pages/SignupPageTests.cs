using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Pages;

/// <summary>The page that makes an account.</summary>
public class SignupPageTests(Handoff.HandoffService shared) : IClassFixture<Handoff.HandoffService>
{
    private const string Url = Contoso + "/signup";

    private readonly TestService service = shared.Service;

    [Fact]
    public async Task Without_confirmation_it_signs_in_and_goes_where_it_was_asked_to()
    {
        using var browser = service.NewBrowser();
        using var toSignIn = await browser.AuthorizeAsync();
        var signin = await PageWalk.ShowAsync("signin", browser.GetAsync(Contoso + Ceremony.Onwards(toSignIn, "/signin")));
        var link = System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(signin.Html, "href=\"(/signup[^\"]+)\"").Groups[1].Value);
        var signup = await PageWalk.ShowAsync("signup", browser.GetAsync(Contoso + link));

        using var made = await browser.SubmitAsync(Url, signup.Html, ("name", " Grace "), ("email", NewEmail()), ("password", Password));
        using var answered = await browser.GetAsync(Contoso + Ceremony.Onwards(made, "/authorize"));

        Assert.StartsWith(Ceremony.Callback + "?code=", answered.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var session = await browser.GetAsync(Contoso + "/session?fresh=1");
        Assert.Equal("Grace", (await session.JsonAsync()).GetProperty("user").GetProperty("name").GetString());
    }

    [Fact]
    public async Task With_confirmation_it_says_the_same_of_every_address_and_the_link_finishes()
    {
        await using var confirming = await StartAsync(new() { ["Accounts:ConfirmEmail"] = "true" });
        var email = NewEmail();
        using var browser = confirming.NewBrowser();
        var signup = await PageWalk.ShowAsync("signup", browser.GetAsync(Url));
        var sent = await PageWalk.ShowAsync("sent", browser.SubmitAsync(Url, signup.Html, ("email", email), ("password", Password)));
        Assert.Equal((200, "Check your e-mail"), (sent.Status, sent.Html.Of("h1").Single()));
        Assert.Null(browser.Cookie(Contoso, "__Host-sid"));

        var verify = await PageWalk.ShowAsync("verify", browser.GetAsync(await confirming.LinkAsync()));
        Assert.Contains($"<strong>{email}</strong>", verify.Html, StringComparison.Ordinal);
        var wrong = await PageWalk.ShowAsync("wrong", browser.SubmitAsync(Contoso + "/verify", verify.Html, ("password", "another password altogether")));
        Assert.Equal(401, wrong.Status);
        Assert.Contains("<a href=\"#password\">That is not the password of this registration.</a>", wrong.Html, StringComparison.Ordinal);
        using var confirmed = await browser.SubmitAsync(Contoso + "/verify", wrong.Html, ("password", Password));
        Assert.Equal(303, (int)confirmed.StatusCode);

        confirming.Clock.Advance(TimeSpan.FromMinutes(1));
        using var stranger = confirming.NewBrowser();
        var form = await PageWalk.ShowAsync("signup", stranger.GetAsync(Url));
        var again = await PageWalk.ShowAsync("again", stranger.SubmitAsync(Url, form.Html, ("email", email), ("password", Password)));
        Assert.Equal((sent.Status, sent.Html), (again.Status, again.Html));
    }

    [Fact]
    public async Task A_form_that_another_page_forged_makes_no_account()
    {
        var email = NewEmail();
        using var browser = service.NewBrowser();
        var signup = await PageWalk.ShowAsync("signup", browser.GetAsync(Url));
        using var stranger = service.NewBrowser();

        using var forged = await stranger.SubmitAsync(Url, signup.Html, ("email", email), ("password", Password));
        using var genuine = await browser.SubmitAsync(Url, signup.Html, ("email", email), ("password", Password));
        using var taken = await browser.SubmitAsync(Url, signup.Html, ("email", email), ("password", Password));

        Assert.Equal((403, 303, 409), ((int)forged.StatusCode, (int)genuine.StatusCode, (int)taken.StatusCode));
    }
}
