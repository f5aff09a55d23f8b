using AuthFunctions.Events;
using AuthFunctions.Outbox;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using AuthFunctions.Users;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Sessions;

/// <summary>
/// Ends all sessions of a user but one sign-in, in one transaction however many there are: the epoch ends every one, and the tree that is kept is
/// taken along into the new epoch, so that this browser stays signed in on the sites that it reached.
/// </summary>
public sealed class OtherSessions(
    SessionReader reader, SessionStore sessions, UserStore users, EventStore events, LogoutNotices notices, OutboxWriter outbox,
    [FromKeyedServices(TableNames.Users)] ITable table, TimeProvider clock)
{
    private const int MaxTries = 40;

    /// <summary>A transaction takes 100 operations: one for the user, one for the event, up to 40 to tell clients, one for each session.</summary>
    private const int MaxKept = 50;

    /// <summary>Ends the others. False if the one to be kept ended meanwhile: then nothing is done.</summary>
    public async Task<bool> EndAsync(FoundSession kept, string site, CancellationToken ct)
    {
        var (userId, id) = (kept.User.Id, kept.Session.Id);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            // The user row before the others: what makes a session replaces it, so that one which the list misses makes the commit fail.
            if (await reader.FindAsync(userId, id, ct) is not { } found || found.WhyDead(clock.GetUtcNow()) is not null)
            {
                return false;
            }

            var living = (await sessions.ListAsync(userId, ct)).Where(s => s.Epoch == found.User.Epoch).ToList();
            var tree = living.Where(s => s.Id.Root == id.Root).Take(MaxKept).ToList();
            var told = await notices.AnnounceAsync(found.User, [.. living.Except(tree)], ct);
            var epoch = found.User.Epoch + 1;
            var user = found.User with { Epoch = epoch, SessionCount = tree.Count };
            var e = new AuditEvent(EventKinds.OtherSessionsEnded) { Site = site, SessionId = id.ToString() };
            if (await table.CommitAsync(
                [
                    users.Replace(user), .. tree.Select(s => sessions.Replace(s with { Epoch = epoch })), events.Add(userId, e),
                    .. told.Select(t => t.Change),
                ],
                ct) is Commit.Done)
            {
                await outbox.WakeAsync(told, ct);
                return true;
            }
        }

        throw new OutageException("table Users");
    }
}
