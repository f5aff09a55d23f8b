using System.Globalization;
using System.Resources;
using AuthFunctions.Outbox;
using AuthFunctions.Pages;
using AuthFunctions.Sites;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Delivery;

/// <summary>Makes a mail's parts from the texts of its language (MailTexts.resx, MailTexts.de.resx …).</summary>
public sealed class MailComposer(IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    /// <summary>The texts: <c>{Template}_Subject</c>, <c>_Body</c>, for mails with a link <c>_Action</c>; and <c>Footer</c>.</summary>
    public static readonly ResourceManager Texts = new("AuthFunctions.Delivery.MailTexts", typeof(MailComposer).Assembly);

    /// <summary>The mail.</summary>
    /// <param name="id">Of its intent.</param>
    /// <param name="mail">What is to be said.</param>
    /// <param name="site">In whose name.</param>
    /// <param name="until">Until when its link works.</param>
    public async Task<OutgoingMail> ComposeAsync(string id, Mail mail, Site site, DateTimeOffset until)
    {
        var culture = CultureInfo.GetCultureInfo(mail.Language);
        var (subject, footer) = (Text("_Subject"), Format("Footer"));
        var action = mail.Link is null ? null : Text("_Action");
        var paragraphs = Text("_Body").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var plain = string.Join("\n\n", mail.Link is null ? [.. paragraphs, footer] : [.. paragraphs, action + ":", mail.Link, footer]);
        return new OutgoingMail(id, site.DisplayName, mail.To, mail.Language, subject, plain + "\n", await HtmlAsync());

        string Text(string part) => Format(mail.Template + part);

        string Format(string key) => string.Format(
            culture, Texts.GetString(key, culture) ?? throw new MissingManifestResourceException($"There is no text {key}."),
            site.DisplayName, new Uri(site.Issuer).Host, until.UtcDateTime.ToString("f", culture));

        async Task<string> HtmlAsync()
        {
            // A component, so that whatever the texts hold is encoded.
            await using var scope = scopes.CreateAsyncScope();
            await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
            return await renderer.Dispatcher.InvokeAsync(async () =>
            {
                var page = await renderer.RenderComponentAsync<MailPage>(ParameterView.FromDictionary(new Dictionary<string, object?>
                {
                    [nameof(MailPage.Language)] = mail.Language,
                    [nameof(MailPage.Subject)] = subject,
                    [nameof(MailPage.Paragraphs)] = paragraphs,
                    [nameof(MailPage.Link)] = mail.Link,
                    [nameof(MailPage.Action)] = action,
                    [nameof(MailPage.Footer)] = footer,
                }));
                return page.ToHtmlString();
            });
        }
    }
}
