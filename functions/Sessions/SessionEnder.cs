using AuthFunctions.Events;
using AuthFunctions.Outbox;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using AuthFunctions.Users;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Sessions;

/// <summary>
/// Ends a session by deleting its row, in one transaction with its event. A root takes its tree along: children without a root are dead.
/// </summary>
public sealed class SessionEnder(
    SessionStore sessions, UserStore users, EventStore events, LogoutNotices notices, OutboxWriter outbox,
    [FromKeyedServices(TableNames.Users)] ITable table)
{
    private const int MaxTries = 40;

    /// <summary>Ends the session. When it returns the session has ended, by this call or another.</summary>
    public async Task EndAsync(SessionRow session, string reason, CancellationToken ct)
    {
        var current = session;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var e = new AuditEvent(EventKinds.SessionEnded)
            {
                Site = current.Site,
                SessionId = current.Id.ToString(),
                ClientId = current.ClientId,
                Reason = reason,
            };

            // A client that revokes its own token knows; all others that took part are told.
            var user = reason != EndReasons.Revoked && notices.MayConcern(current) ? await users.FindAsync(current.UserId, ct) : null;
            var told = user is null ? [] : await notices.AnnounceAsync(user, [current], ct);
            Change[] telling = told.Count > 0 ? [users.Replace(user!), .. told.Select(t => t.Change)] : [];
            if (await table.CommitAsync([sessions.Delete(current), events.Add(current.UserId, e), .. telling], ct) is Commit.Done)
            {
                await outbox.WakeAsync(told, ct);
                return;
            }

            if (await sessions.FindAsync(session.UserId, session.Id, ct) is not { } found)
            {
                return;
            }

            current = found;
        }

        throw new OutageException("table Users");
    }

    /// <summary>Ends the whole tree of a session. False if the tree had ended before.</summary>
    public async Task<bool> EndTreeAsync(string userId, SessionId id, string reason, CancellationToken ct)
    {
        if (await sessions.FindAsync(userId, id.Root, ct) is not { } root)
        {
            return false;
        }

        await EndAsync(root, reason, ct);
        return true;
    }
}
