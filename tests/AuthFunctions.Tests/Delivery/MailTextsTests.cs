using System.Globalization;
using AuthFunctions.Delivery;
using AuthFunctions.Http;
using AuthFunctions.Outbox;
using AuthFunctions.Sites;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Delivery;

public class MailTextsTests
{
    public static TheoryData<string> Languages => [.. RequestLanguage.Offered];

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_text_exists_in_every_language_with_the_same_places_to_fill_in(string language)
    {
        var (own, first) = (Keys(language), Keys("en"));

        Assert.Equal(first.Keys.Order(StringComparer.Ordinal), own.Keys.Order(StringComparer.Ordinal));
        Assert.All(own, text => Assert.NotEmpty(text.Value.Trim()));
        Assert.All(own, text => Assert.Equal(Places(first[text.Key]), Places(text.Value)));
        Assert.All(own, text => Assert.Equal(first[text.Key].Count(c => c == '\n'), text.Value.Count(c => c == '\n')));
    }

    [Fact]
    public void Every_mail_has_a_subject_and_a_body_and_no_text_is_of_none()
    {
        var keys = Keys("en").Keys;

        Assert.All(MailTemplates.All, t => Assert.Superset(new HashSet<string> { t + "_Subject", t + "_Body" }, keys.ToHashSet()));
        Assert.All(keys.Where(k => k != "Footer"), k => Assert.Contains(k.Split('_')[0], MailTemplates.All));
    }

    [Theory]
    [InlineData(null, "en")]
    [InlineData("de", "de")]
    [InlineData("de-AT,de;q=0.9", "de")]
    [InlineData("pt-BR,pt;q=0.9,fr;q=0.5,es;q=0.7", "es")]
    [InlineData("ja;q=0,fr", "fr")]
    [InlineData("tlh", "en")]
    [InlineData("*", "en")]
    [InlineData(";;;q=x", "en")]
    public async Task A_mail_is_in_the_language_that_the_browser_likes_best(string? accepted, string language)
    {
        await using var service = await TestService.StartAsync(new() { ["Accounts:ConfirmEmail"] = "true" });
        using var browser = service.NewBrowser();
        if (accepted is not null)
        {
            browser.Headers["Accept-Language"] = accepted;
        }

        using var waiting = await browser.PostAsync(TestService.Contoso + "/register", new { email = TestService.NewEmail(), password = TestService.Password });
        await service.DeliverAsync();

        var mail = Assert.Single(service.Mails);
        Assert.Equal(string.Format(CultureInfo.InvariantCulture, Keys(language)["Confirm_Subject"], "Contoso"), mail.Subject);
        Assert.Contains($"<html lang=\"{language}\">", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_is_in_a_mail_is_encoded_in_its_HTML_part()
    {
        await using var service = await TestService.StartAsync(new() { ["Sites:contoso:DisplayName"] = "A<b>&\"B" });
        var composer = service.Get<MailComposer>();

        var mail = await composer.ComposeAsync(
            "id", new Mail(MailTemplates.Confirm, "contoso", "a@b.test", "en") { Link = "https://x.test/?a=1&b=<\">" },
            service.Get<SiteDirectory>().Find("contoso")!, service.Clock.GetUtcNow());

        Assert.DoesNotContain("<b>", mail.Html, StringComparison.Ordinal);
        Assert.Contains("A&lt;b&gt;&amp;&quot;B", mail.Html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://x.test/?a=1&amp;b=&lt;&quot;&gt;\">Confirm the address</a>", mail.Html, StringComparison.Ordinal);
        Assert.Contains("A<b>&\"B", mail.Text, StringComparison.Ordinal);
        Assert.Equal("A<b>&\"B", mail.FromName);
    }

    private static Dictionary<string, string> Keys(string language)
    {
        // English is in the assembly itself; no language falls back on another here.
        var texts = MailComposer.Texts.GetResourceSet(
            language == "en" ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(language), createIfNotExists: true, tryParents: false)!;
        return texts.Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!, StringComparer.Ordinal);
    }

    private static string Places(string text) => string.Join(
        ' ', System.Text.RegularExpressions.Regex.Matches(text, @"\{\d\}").Select(m => m.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
