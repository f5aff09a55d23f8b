using AuthFunctions.Outbox;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using AuthFunctions.Users;

namespace AuthFunctions.Delivery;

/// <summary>Sends mails. Whether an address has an account is looked at here and not before: no answer to a request depends on it.</summary>
public sealed class MailDelivery(MailComposer composer, IMailSender sender, SiteDirectory sites, UserDirectory users, LinkStore links) : IDelivery
{
    /// <inheritdoc/>
    public string Kind => OutboxKinds.Mail;

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> DeliverAsync(OutboxRow intent, string payload, CancellationToken ct)
    {
        var mail = Mail.Read(payload);
        if (sites.Find(mail.Site) is not { } site)
        {
            return new DeliveryOutcome.Rejected("its site is no more");
        }

        return await AddressedAsync(intent, mail, site, ct) is { } addressed
            ? await sender.SendAsync(await composer.ComposeAsync(intent.Address.Id, addressed, site, intent.GiveUpAt), ct)
            : new DeliveryOutcome.Done();
    }

    /// <summary>The mail as it goes to this address; null if none goes.</summary>
    private async Task<Mail?> AddressedAsync(OutboxRow intent, Mail mail, Site site, CancellationToken ct)
    {
        if (mail.Template != MailTemplates.Confirm && mail.Secret is null)
        {
            return mail;
        }

        var user = EmailAddress.TryParse(mail.To, out var email) ? await users.FindAsync(email, ct) : null;
        if (mail.Secret is null)
        {
            // The owner is told that there is an account; whoever registered learns nothing.
            return user is null ? mail : mail with { Template = MailTemplates.AccountExists, Link = null };
        }

        // To the address as its owner wrote it: one that only counts as equal may be another person's letter box.
        return user is null ? null : mail with { To = user.Email, Link = await LinkAsync(intent, mail, site, user, ct) };
    }

    /// <summary>The link that somebody asked for, stored under the intent's id: another attempt finds it, and sends the same.</summary>
    private async Task<string> LinkAsync(OutboxRow intent, Mail mail, Site site, UserRow user, CancellationToken ct)
    {
        var (purpose, path) = mail.Template == MailTemplates.Reset ? (LinkPurposes.Reset, "reset") : (LinkPurposes.Unlock, "unlock");
        var link = new UserLink(user.Id, intent.Address.Id, Secret.From(Id.Read(mail.Secret!)));
        await links.AddAsync(
            new LinkRow
            {
                UserId = user.Id,
                Id = link.LinkId,
                Purpose = purpose,
                Site = site.Name,
                EmailHash = user.EmailHash,
                SecretHash = link.Secret.Hash(),
                ExpiresAt = intent.GiveUpAt,
            },
            ct);
        return $"{site.Issuer}/{path}?token={link.Write()}";
    }
}
