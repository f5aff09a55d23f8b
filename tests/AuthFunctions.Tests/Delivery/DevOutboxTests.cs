using AuthFunctions.Delivery;
using AuthFunctions.Tests.Fixtures;
using Microsoft.Extensions.Hosting.Internal;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Delivery;

/// <summary>The mails of a local service are shown; those of any other are not kept.</summary>
public class DevOutboxTests
{
    [Fact]
    public async Task The_page_shows_each_mail_with_its_link()
    {
        await using var service = await StartAsync(new() { ["Accounts:ConfirmEmail"] = "true" });
        using var browser = service.NewBrowser();
        using var empty = await browser.GetAsync(Contoso + "/dev/outbox");
        Assert.Contains("None yet.", await empty.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var email = NewEmail();
        using var waiting = await browser.PostAsync(Contoso + "/register", new { email, password = Password });
        var link = await service.LinkAsync();

        using var page = await browser.GetAsync(Contoso + "/dev/outbox");

        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains($"<p>To {email}</p>", html, StringComparison.Ordinal);
        Assert.Contains($"<a href=\"{link}\">", html, StringComparison.Ordinal);
        Assert.Equal("no-store", page.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task Where_a_server_takes_the_mails_there_is_no_such_page()
    {
        await using var service = await StartAsync(new() { ["Mail:Host"] = "127.0.0.1", ["Mail:From"] = "no-reply@contoso.com" });
        using var browser = service.NewBrowser();

        using var page = await browser.GetAsync(Contoso + "/dev/outbox");

        await page.RefusedAsync(404, "not_found");
        Assert.IsType<SmtpSender>(service.Get<IMailSender>());
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public void Outside_Development_there_is_no_such_mailbox(string environment) =>
        Assert.Throws<InvalidOperationException>(() => new DevelopmentMailbox(new HostingEnvironment { EnvironmentName = environment }));
}
