using AuthFunctions.Events;
using AuthFunctions.Http;
using AuthFunctions.Outbox;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using AuthFunctions.Tokens;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Account;

/// <summary>Changes the password of somebody who is signed in and knows it. Every other sign-in ends, in the same write.</summary>
public sealed class PasswordChange(
    PasswordProof proof, PasswordPolicy policy, Passwords passwords, SessionReader reader, SessionStore sessions, UserStore users,
    EventStore events, LogoutNotices notices, OutboxWriter outbox, [FromKeyedServices(TableNames.Users)] ITable table, TimeProvider clock)
{
    private const int MaxTries = 40;

    /// <summary>Changes it. Why not, or null.</summary>
    public async Task<Problem?> ChangeAsync(HttpRequest request, Actor.Present actor, string password, string newPassword, CancellationToken ct)
    {
        if (PasswordReset.Fault(policy, newPassword, actor.User) is { } fault)
        {
            return fault;
        }

        if (await proof.CheckAsync(actor, password, ct) is { } refusal)
        {
            return refusal;
        }

        var hash = await passwords.HashAsync(newPassword, ct);
        var (site, userId) = (request.Site().Name, actor.User.Id);
        var mail = new Mail(MailTemplates.PasswordChanged, site, actor.User.Email, RequestLanguage.Of(request));
        var entry = await outbox.AnnounceAsync(TableNames.Users, userId, mail, Notice.Patience, ct);
        for (var (tries, found) = (0, actor.Found); tries < MaxTries; tries++)
        {
            var epoch = found.User.Epoch + 1;
            var user = found.User with { PasswordHash = hash, Epoch = epoch, SessionCount = found.Session.Id.IsChild ? 2 : 1 };
            var e = new AuditEvent(EventKinds.PasswordChanged) { Site = site, SessionId = found.Session.Id.ToString() };

            // The epoch ends all sessions; this one, and the root that it lives by, are taken along into the new one.
            SessionRow[] kept = found.Session.Id.IsChild ? [found.Session, found.Root!] : [found.Session];
            OutboxEntry[] told = [entry, .. await notices.AnnounceAllAsync(found.User, ct)];
            var commit = await table.CommitAsync(
                [
                    users.Replace(user), .. kept.Select(s => sessions.Replace(s with { Epoch = epoch })), events.Add(userId, e),
                    .. told.Select(t => t.Change),
                ],
                ct);
            if (commit is Commit.Done)
            {
                await outbox.WakeAsync(told, ct);
                return null;
            }

            if (await reader.FindAsync(userId, actor.Session.Id, ct) is not { } again || again.WhyDead(clock.GetUtcNow()) is not null)
            {
                return Problem.SessionEnded("the session ended meanwhile");
            }

            if (again.User.PasswordHash != actor.User.PasswordHash)
            {
                return PasswordProof.Wrong;
            }

            found = again;
        }

        throw new OutageException("table Users");
    }
}
