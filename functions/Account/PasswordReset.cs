using AuthFunctions.Events;
using AuthFunctions.Http;
using AuthFunctions.Outbox;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Account;

/// <summary>
/// Chooses a new password by a mailed link. Whoever reads the address takes the account back: all sessions end, and all other links die.
/// </summary>
public sealed class PasswordReset(
    LinkStore links, PasswordPolicy policy, Passwords passwords, UserStore users, EventStore events, LogoutNotices notices, OutboxWriter outbox,
    Throttle throttle, [FromKeyedServices(TableNames.Users)] ITable table)
{
    private const int MaxTries = 40;

    /// <summary>The link is of no use here.</summary>
    public static Problem DeadLink => new(400, "link_invalid", "This link is not valid, was used, or has expired. Ask for another.");

    /// <summary>Why a user may not choose this password, or null.</summary>
    public static Problem? Fault(PasswordPolicy policy, string password, UserRow user) =>
        EmailAddress.TryParse(user.Email, out var email) ? policy.Check(password, email, "new_password") : null;

    /// <summary>Whether the link can be used. Changes nothing.</summary>
    public async Task<bool> IsAliveAsync(HttpRequest request, string? link, CancellationToken ct) =>
        await links.FindAsync(link, LinkPurposes.Reset, request.Site().Name, ct) is not null;

    /// <summary>Uses the link. Why not, or null.</summary>
    public async Task<Problem?> ResetAsync(HttpRequest request, string? link, string newPassword, CancellationToken ct)
    {
        var site = request.Site().Name;
        if (await links.FindAsync(link, LinkPurposes.Reset, site, ct) is not var (_, owner))
        {
            return DeadLink;
        }

        if (Fault(policy, newPassword, owner) is { } fault)
        {
            return fault;
        }

        var hash = await passwords.HashAsync(newPassword, ct);
        var mail = new Mail(MailTemplates.PasswordChanged, site, owner.Email, RequestLanguage.Of(request));
        var entry = await outbox.AnnounceAsync(TableNames.Users, owner.Id, mail, Notice.Patience, ct);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await links.FindAsync(link, LinkPurposes.Reset, site, ct) is not var (used, user))
            {
                return DeadLink;
            }

            var others = await links.ListAsync(user.Id, ct).Where(l => l.Id != used.Id).Take(50).ToListAsync(ct);
            var reset = user with { PasswordHash = hash, EmailVerified = true, Epoch = user.Epoch + 1, SessionCount = 0 };
            var e = new AuditEvent(EventKinds.PasswordReset) { Site = site };
            OutboxEntry[] told = [entry, .. await notices.AnnounceAllAsync(user, ct)];
            var commit = await table.CommitAsync(
                [
                    users.Replace(reset), links.Delete(used), .. others.Select(links.Delete), events.Add(user.Id, e),
                    .. told.Select(t => t.Change),
                ],
                ct);
            if (commit is Commit.Done)
            {
                await outbox.WakeAsync(told, ct);
                await ForgetGuessesAsync(user, ct);
                return null;
            }
        }

        throw new OutageException("table Users");
    }

    /// <summary>Whoever guessed at the old password has no say in when the owner may use the new one.</summary>
    private async Task ForgetGuessesAsync(UserRow user, CancellationToken ct)
    {
        try
        {
            await throttle.SucceedAsync(await throttle.ReadAsync([ThrottleKey.OfEmail(user.EmailHash)], ct), ct);
        }
        catch (OutageException)
        {
            // The password is set; that the next attempt may have to wait is no reason to say that it is not.
            return;
        }
    }
}
