using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Security.Authentication;
using System.Text;
using AuthFunctions.Outbox;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Delivery;

/// <summary>Sends by SMTP, always with STARTTLS (RFC 3207): a server that does not offer it gets nothing.</summary>
/// <remarks>
/// By System.Net.Mail, whose own documentation points to MailKit: that is no package of every feed, and the one thing missed here, TLS from
/// the first byte (port 465), no provider insists on. This file is all that would change.
/// </remarks>
public sealed class SmtpSender(IOptions<MailOptions> options) : IMailSender
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        if (options.Value is not { Host: { Length: > 0 } host, From: { } from })
        {
            return new DeliveryOutcome.Rejected("Mail:Host is not set");
        }

        using var client = new SmtpClient(host, options.Value.Port)
        {
            EnableSsl = true,
            DeliveryFormat = SmtpDeliveryFormat.International,
            Credentials = options.Value.User is { Length: > 0 } user ? new NetworkCredential(user, options.Value.Password) : null,
        };
        using var message = Write(mail, from);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(Patience);
        try
        {
            await client.SendMailAsync(message, late.Token);
            return new DeliveryOutcome.Done();
        }
        catch (SmtpFailedRecipientException refusal) when ((int)refusal.StatusCode >= 500)
        {
            // The server knows the address and will not have it. Its words may name the address, so they are not passed on.
            return new DeliveryOutcome.Rejected($"the server refused the recipient ({(int)refusal.StatusCode})");
        }
        catch (SmtpException refusal)
        {
            return new DeliveryOutcome.Failed($"SMTP {refusal.StatusCode}");
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException)
        {
            return new DeliveryOutcome.Failed($"no secure connection ({fault.GetType().Name})");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new DeliveryOutcome.Failed("the server took too long");
        }
    }

    private static MailMessage Write(OutgoingMail mail, string from)
    {
        var message = new MailMessage
        {
            From = new MailAddress(from, mail.FromName, Encoding.UTF8),
            Subject = mail.Subject,
            SubjectEncoding = Encoding.UTF8,
        };
        message.To.Add(new MailAddress(mail.To));

        // The last alternative is the one preferred (RFC 2046 §5.1.4).
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(mail.Text, Encoding.UTF8, MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(mail.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        message.Headers["Message-ID"] = $"<{mail.Id}@{message.From.Host}>";
        message.Headers["Content-Language"] = mail.Language;

        // RFC 3834 §5: no out-of-office notes in return.
        message.Headers["Auto-Submitted"] = "auto-generated";
        return message;
    }
}
