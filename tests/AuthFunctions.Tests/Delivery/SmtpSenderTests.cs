using System.Net;
using AuthFunctions.Delivery;
using AuthFunctions.Outbox;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Tests.Delivery;

/// <summary>What a mail server gets to see, and what is made of its answers.</summary>
public class SmtpSenderTests
{
    private static readonly OutgoingMail Mail = new(
        "intent-1", "Contoso \u00dc", "ada@contoso.test", "de", "Best\u00e4tigen Sie", "Text \u00e4 https://x.test/?a=1", "<p>HTML \u00e4</p>");

    static SmtpSenderTests()
    {
        // SmtpClient has no other place to ask; it is asked for the test's own certificate alone.
        ServicePointManager.ServerCertificateValidationCallback = (_, certificate, _, errors) =>
            errors == System.Net.Security.SslPolicyErrors.None || SmtpServer.IsOwn(certificate);
    }

    [Fact]
    public async Task A_mail_goes_encrypted_with_both_parts_and_the_intent_s_own_Message_ID()
    {
        using var server = new SmtpServer();

        Assert.IsType<DeliveryOutcome.Done>(await SendAsync(server));

        var mail = Assert.Single(server.Mails);
        foreach (var header in new[] { "Message-ID: <intent-1@contoso.com>", "Content-Language: de", "Auto-Submitted: auto-generated", "multipart/alternative" })
        {
            Assert.Contains(header, mail, StringComparison.OrdinalIgnoreCase);
        }

        Assert.True(
            mail.IndexOf("text/plain", StringComparison.Ordinal) < mail.IndexOf("text/html", StringComparison.Ordinal)
            && mail.Contains("text/plain", StringComparison.Ordinal), "the HTML part must come last");
        Assert.Contains("plain STARTTLS", server.Commands);
        Assert.Contains("tls password the password", server.Commands);
        Assert.All(server.Commands.Where(c => c.StartsWith("plain", StringComparison.Ordinal)), c => Assert.Matches("^plain (EHLO|STARTTLS|QUIT)", c));
    }

    [Fact]
    public async Task A_server_that_offers_no_encryption_gets_nothing()
    {
        using var server = new SmtpServer { OffersStartTls = false };

        Assert.IsType<DeliveryOutcome.Failed>(await SendAsync(server));

        Assert.Empty(server.Mails);
        Assert.All(server.Commands, c => Assert.Matches("^plain (EHLO|QUIT)", c));
    }

    [Theory]
    [InlineData("550 no such mailbox ada@contoso.test", true)]
    [InlineData("553 not allowed", true)]
    [InlineData("450 busy", false)]
    [InlineData("451 greylisted ada@contoso.test", false)]
    public async Task A_recipient_that_is_refused_for_good_is_not_tried_again_and_the_server_s_words_are_not_passed_on(string answer, bool forGood)
    {
        using var server = new SmtpServer { Recipient = answer };

        var outcome = await SendAsync(server);

        var reason = forGood ? Assert.IsType<DeliveryOutcome.Rejected>(outcome).Reason : Assert.IsType<DeliveryOutcome.Failed>(outcome).Reason;
        Assert.DoesNotContain("ada", reason, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_may_be_another_time()
    {
        int port;
        using (var server = new SmtpServer())
        {
            port = server.Port;
        }

        Assert.IsType<DeliveryOutcome.Failed>(await SendAsync(port));
    }

    [Fact]
    public async Task Without_a_server_a_mail_is_given_up_rather_than_kept_for_ever() =>
        Assert.Equal(new DeliveryOutcome.Rejected("Mail:Host is not set"), await new SmtpSender(Options.Create(new MailOptions())).SendAsync(Mail, default));

    private static Task<DeliveryOutcome> SendAsync(SmtpServer server) => SendAsync(server.Port);

    private static Task<DeliveryOutcome> SendAsync(int port) => new SmtpSender(Options.Create(new MailOptions
    {
        Host = "localhost",
        Port = port,
        From = "no-reply@contoso.com",
        User = "user",
        Password = "the password",
    })).SendAsync(Mail, default);
}
