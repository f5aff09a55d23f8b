using AuthFunctions.Events;
using AuthFunctions.Http;
using AuthFunctions.Outbox;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using AuthFunctions.Tokens;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Account;

/// <summary>Changes a user's address once a link that was mailed to the new one is opened. Both addresses are told, before and after.</summary>
public sealed class EmailChange(
    PasswordProof proof, MailRequests mails, UserDirectory directory, UserEmailStore emails, UserStore users, LinkStore links, EventStore events,
    OutboxWriter outbox, [FromKeyedServices(TableNames.Users)] ITable table, TimeProvider clock)
{
    private const int MaxTries = 40;

    /// <summary>Mails a link to the new address. Why not, or null. Whether the address has an account is not said.</summary>
    public async Task<Problem?> RequestAsync(HttpRequest request, Actor.Present actor, string address, string password, CancellationToken ct)
    {
        if (!EmailAddress.TryParse(address, out var email) || email.Hash == actor.User.EmailHash)
        {
            return Problem.InvalidRequest("email must be another e-mail address.", "email") with { Text = new("same_email") };
        }

        var refusal = await proof.CheckAsync(actor, password, ct) ?? await mails.CountAsync(request, email, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        var (site, language, userId) = (request.Site(), RequestLanguage.Of(request), actor.User.Id);
        var handle = new UserLink(userId, Id.New(), Secret.New());
        var link = new LinkRow
        {
            UserId = userId,
            Id = handle.LinkId,
            Purpose = LinkPurposes.Email,
            Site = site.Name,
            EmailHash = actor.User.EmailHash,
            NewEmail = email.Typed,
            SecretHash = handle.Secret.Hash(),
            ExpiresAt = clock.GetUtcNow() + LinkStore.Lifetime,
        };
        var toNew = new Mail(MailTemplates.EmailChange, site.Name, email.Typed, language)
        {
            Link = $"{site.Issuer}/account/email/confirm?token={handle.Write()}",
        };
        var toOld = new Mail(MailTemplates.EmailChanging, site.Name, actor.User.Email, language);
        var there = await outbox.AnnounceAsync(TableNames.Users, userId, toNew, LinkStore.Lifetime, ct);
        var here = await outbox.AnnounceAsync(TableNames.Users, userId, toOld, Notice.Patience, ct);
        for (var (tries, user) = (0, actor.User); tries < MaxTries; tries++)
        {
            var e = new AuditEvent(EventKinds.EmailChangeRequested) { Site = site.Name, SessionId = actor.Session.Id.ToString() };

            // Nothing about the user changes; writing the row proves that no reset came between, which kills all links.
            if (await table.CommitAsync([users.Replace(user), links.Add(link), events.Add(userId, e), there.Change, here.Change], ct) is Commit.Done)
            {
                await outbox.WakeAsync(there, ct);
                await outbox.WakeAsync(here, ct);
                return null;
            }

            if (await users.FindAsync(userId, ct) is not { } found || found.PasswordHash != actor.User.PasswordHash)
            {
                return PasswordProof.Wrong;
            }

            user = found;
        }

        throw new OutageException("table Users");
    }

    /// <summary>The new address of a link that can be used, or null. Changes nothing.</summary>
    public async Task<string?> NewAddressAsync(HttpRequest request, string? link, CancellationToken ct) =>
        (await links.FindAsync(link, LinkPurposes.Email, request.Site().Name, ct))?.Link.NewEmail;

    /// <summary>Uses the link. Why not, or null.</summary>
    public async Task<Problem?> ConfirmAsync(HttpRequest request, string? link, CancellationToken ct)
    {
        var (site, language) = (request.Site().Name, RequestLanguage.Of(request));
        OutboxEntry? there = null, here = null;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await links.FindAsync(link, LinkPurposes.Email, site, ct) is not var (used, user)
                || !EmailAddress.TryParse(used.NewEmail, out var email))
            {
                return PasswordReset.DeadLink;
            }

            // The index row first; it counts only once the user row agrees. The user was read before, so that whoever takes over a claim
            // that is not made good within a minute makes this commit fail.
            if (!await directory.TryClaimAsync(email, user.Id, ct))
            {
                return new Problem(409, "email_taken", "This e-mail address has an account.");
            }

            there ??= await AnnounceAsync(user.Id, email.Typed);
            here ??= await AnnounceAsync(user.Id, user.Email);
            var changed = user with { Email = email.Typed, EmailHash = email.Hash, EmailVerified = true };
            var e = new AuditEvent(EventKinds.EmailChanged) { Site = site };
            var commit = await table.CommitAsync(
                [users.Replace(changed), links.Delete(used), events.Add(user.Id, e), there.Change, here.Change], ct);
            if (commit is Commit.Done)
            {
                await FreeAsync(user, ct);
                await outbox.WakeAsync(there, ct);
                await outbox.WakeAsync(here, ct);
                return null;
            }
        }

        throw new OutageException("table Users");

        Task<OutboxEntry> AnnounceAsync(string userId, string to) =>
            outbox.AnnounceAsync(TableNames.Users, userId, new Mail(MailTemplates.EmailChanged, site, to, language), Notice.Patience, ct);
    }

    /// <summary>Frees the old address. Tidiness: an index row that its user does not agree with counts for nothing.</summary>
    private async Task FreeAsync(UserRow user, CancellationToken ct)
    {
        try
        {
            if (await emails.FindAsync(user.EmailHash, ct) is { } old && old.UserId == user.Id)
            {
                await emails.DeleteAsync(old, ct);
            }
        }
        catch (OutageException)
        {
            // The address is changed. Whoever registers the old one takes the row over.
            return;
        }
    }
}
