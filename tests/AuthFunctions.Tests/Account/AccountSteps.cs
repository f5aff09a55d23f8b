using System.Text.RegularExpressions;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Account;

/// <summary>What people do with their account, as tests do it.</summary>
internal static class AccountSteps
{
    public const string NewPassword = "another long enough password";

    /// <summary>Asks for a link by the form of a page, and reads the mail.</summary>
    public static async Task<string> LinkAsync(this TestService service, string page, string email)
    {
        using var browser = service.NewBrowser();
        using var asked = await browser.FormOfAsync(page, ("email", email));
        Assert.Equal(200, (int)asked.StatusCode);
        return await service.LinkAsync();
    }

    /// <summary>Opens a page or a link, and sends its form.</summary>
    public static async Task<HttpResponseMessage> FormOfAsync(this Browser browser, string url, params (string Name, string Value)[] fields)
    {
        using var page = await browser.GetAsync(url);
        Assert.Equal(200, (int)page.StatusCode);
        return await browser.SubmitAsync(url.Split('?')[0], await page.Content.ReadAsStringAsync(), fields);
    }

    /// <summary>Sends one of the forms of the account page.</summary>
    public static async Task<HttpResponseMessage> AccountFormAsync(this Browser browser, string action, params (string Name, string Value)[] fields)
    {
        using var page = await browser.GetAsync(Contoso + "/account");
        Assert.Equal(200, (int)page.StatusCode);
        var form = Regex.Match(await page.Content.ReadAsStringAsync(), $"<form method=\"post\" action=\"{action}\">.*?</form>", RegexOptions.Singleline);
        return await browser.SubmitAsync(Contoso + action, form.Value, fields);
    }

    public static async Task<int> LoginAsync(this TestService service, string email, string password)
    {
        using var app = service.NewBrowser();
        using var answer = await app.PostAsync(Contoso + "/login", new { email, password, transport = "body" }, origin: null);
        return (int)answer.StatusCode;
    }

    /// <summary>Whether the browser's session lives.</summary>
    public static async Task<bool> IsSignedInAsync(this Browser browser, string site = Contoso)
    {
        using var session = await browser.GetAsync(site + "/session?fresh=1");
        return (int)session.StatusCode == 200;
    }

    public static async Task<UserRow?> FindAsync(this TestService service, string email)
    {
        Assert.True(EmailAddress.TryParse(email, out var address));
        return await service.Get<UserDirectory>().FindAsync(address, default);
    }

    public static async Task<string> CodeAsync(this HttpResponseMessage page) =>
        Regex.Match(await page.Content.ReadAsStringAsync(), "(?:<code>|data-problem=\")([a-z_]+)").Groups[1].Value;

    /// <summary>Who got which mail since the last time, once all are delivered.</summary>
    public static async Task<string[]> MailsAsync(this TestService service, int skip = 0)
    {
        await service.DeliverAsync();
        return [.. service.Mails.Skip(skip).Select(m => $"{m.To}: {m.Subject}").Order(StringComparer.Ordinal)];
    }
}
