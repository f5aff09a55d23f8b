using System.Net;
using System.Text.RegularExpressions;
using AuthFunctions.Tests.Account;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Device;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Handoff;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Pages;

/// <summary>One page as it came over the wire.</summary>
internal sealed record Shown(string Name, int Status, string Html, string Policy, string Language, string Vary);

/// <summary>Every page of the service, as people come to see it.</summary>
internal static partial class PageWalk
{
    public static async Task<IReadOnlyList<Shown>> AllAsync(TestService service, string language)
    {
        var email = NewEmail();
        using var person = await service.SignedInAsync(email: email);
        using var stranger = service.NewBrowser();
        person.Headers["Accept-Language"] = stranger.Headers["Accept-Language"] = language;
        var shown = new List<Shown>
        {
            await ShowAsync("signin", stranger.GetAsync(Contoso + "/signin")),
            await ShowAsync("signup", stranger.GetAsync(Contoso + "/signup")),
            await ShowAsync("forgot", stranger.GetAsync(Contoso + "/forgot")),
            await ShowAsync("unlock", stranger.GetAsync(Contoso + "/unlock")),
            await ShowAsync("error", stranger.GetAsync(Contoso + "/authorize")),
            await ShowAsync("signed out", stranger.GetAsync(Contoso + "/end_session")),
            await ShowAsync("outbox", stranger.GetAsync(Contoso + "/dev/outbox")),
            await ShowAsync("mail sent", stranger.FormOfAsync(Contoso + "/forgot", ("email", email))),
            await ShowAsync("reset", stranger.GetAsync(await service.LinkAsync())),
            await ShowAsync("signin with an error", stranger.FormOfAsync(Contoso + "/signin", ("email", email), ("password", "wrong"))),
            await ShowAsync("signup with an error", stranger.FormOfAsync(Contoso + "/signup", ("email", NewEmail()), ("password", "short"))),
            await ShowAsync("account", person.GetAsync(Contoso + "/account")),
            await ShowAsync("account with an error", person.AccountFormAsync("/account/delete", ("password", "wrong"))),
            await ShowAsync("end session", person.GetAsync(Contoso + "/end_session")),
            await ShowAsync("device code", person.GetAsync(Contoso + "/device")),
            await ShowAsync("device code with an error", person.TypeAsync("BBBB-BBBB")),
            await ShowAsync("form post", person.GetAsync(Ceremony.Url(("response_mode", "form_post")))),
        };
        using var unlock = await stranger.FormOfAsync(Contoso + "/unlock", ("email", NewEmail()));
        using var consent = await person.AuthorizeAsync(Ceremony.AsPartner);
        shown.Add(await ShowAsync("consent", person.GetAsync(Contoso + Ceremony.Onwards(consent, "/consent"))));
        var waiting = await stranger.WaitAsync();
        shown.Add(await ShowAsync("device", person.TypeAsync(waiting.UserCode)));
        shown.Add(await ShowAsync("device done", person.AnswerAsync(waiting.UserCode)));
        await HandoffAsync(service, person, shown);
        using var change = await person.PostAsync(Contoso + "/account/email", new { email = NewEmail(), password = Password });
        Assert.Equal(204, (int)change.StatusCode);
        await service.DeliverAsync();
        var link = service.Mails.SelectMany(m => m.Text.Split('\n')).Last(l => l.Contains("/account/email/confirm?token=", StringComparison.Ordinal));
        shown.Add(await ShowAsync("confirm e-mail", person.GetAsync(link)));
        return shown;
    }

    /// <summary>Asserts nothing but that it is a page.</summary>
    public static async Task<Shown> ShowAsync(string name, Task<HttpResponseMessage> getting)
    {
        using var response = await getting;
        var html = await response.Content.ReadAsStringAsync();
        Assert.True(response.Content.Headers.ContentType?.MediaType == "text/html", $"{name}: {(int)response.StatusCode} {html}");
        return new(
            name, (int)response.StatusCode, html, response.Headers.GetValues("Content-Security-Policy").Single(),
            response.Content.Headers.ContentLanguage.Single(), string.Join(", ", response.Headers.GetValues("Vary")));
    }

    /// <summary>The texts of all elements of that name, without tags and decoded.</summary>
    public static IEnumerable<string> Of(this string html, string element) =>
        Regex.Matches(html, $@"<{element}[ >].*?</{element}>", RegexOptions.Singleline).Select(m => WebUtility.HtmlDecode(Tag().Replace(m.Value, "")).Trim());

    private static async Task HandoffAsync(TestService service, Browser person, List<Shown> shown)
    {
        using var other = await person.PostAsync(Fabrikam + "/register", new { email = NewEmail(), password = Password, name = "Somebody Else" });
        Assert.Equal(201, (int)other.StatusCode);
        var handoff = new HandoffCeremony(service, person);
        shown.Add(await ShowAsync("switch", person.GetAsync(await handoff.MintAsync())));
    }

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}
