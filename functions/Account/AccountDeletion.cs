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

/// <summary>
/// Deletes an account. One write ends it: without its user row no session lives and the address is free. The other rows follow by an intent in
/// the same write; the audit trail stays as long as the policy says, and names nobody.
/// </summary>
public sealed class AccountDeletion(
    PasswordProof proof, UserStore users, EventStore events, LogoutNotices notices, OutboxWriter outbox,
    [FromKeyedServices(TableNames.Users)] ITable table)
{
    private const int MaxTries = 40;

    /// <summary>How long the rest is tried to be removed.</summary>
    private static readonly TimeSpan Persistence = TimeSpan.FromDays(30);

    /// <summary>Deletes it. Why not, or null.</summary>
    public async Task<Problem?> DeleteAsync(HttpRequest request, Actor.Present actor, string password, CancellationToken ct)
    {
        if (await proof.CheckAsync(actor, password, ct) is { } refusal)
        {
            return refusal;
        }

        var (site, userId) = (request.Site().Name, actor.User.Id);
        var farewell = new Mail(MailTemplates.AccountDeleted, site, actor.User.Email, RequestLanguage.Of(request));
        var mail = await outbox.AnnounceAsync(TableNames.Users, userId, farewell, Notice.Patience, ct);
        var erasure = await outbox.AnnounceAsync(TableNames.Users, userId, OutboxKinds.Erasure, actor.User.EmailHash, Persistence, ct);
        for (var (tries, user) = (0, actor.User); tries < MaxTries; tries++)
        {
            var e = new AuditEvent(EventKinds.AccountDeleted) { Site = site, SessionId = actor.Session.Id.ToString() };
            OutboxEntry[] told = [mail, erasure, .. await notices.AnnounceAllAsync(user, ct)];
            if (await table.CommitAsync([users.Bury(user), events.Add(userId, e), .. told.Select(t => t.Change)], ct) is Commit.Done)
            {
                await outbox.WakeAsync(told, ct);
                return null;
            }

            if (await users.FindAsync(userId, ct) is not { } found
                || found.PasswordHash != actor.User.PasswordHash || found.EmailHash != actor.User.EmailHash)
            {
                return PasswordProof.Wrong;
            }

            user = found;
        }

        throw new OutageException("table Users");
    }
}
