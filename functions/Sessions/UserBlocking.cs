using AuthFunctions.Events;
using AuthFunctions.Outbox;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using AuthFunctions.Users;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Sessions;

/// <summary>Shuts users out and lets them in again, and ends all their sessions; each is one write to the user's row.</summary>
public sealed class UserBlocking(
    UserStore users, EventStore events, LogoutNotices notices, OutboxWriter outbox, [FromKeyedServices(TableNames.Users)] ITable table)
{
    private const int MaxTries = 40;

    /// <summary>Blocks a user, which ends every session too. False if there is no such user.</summary>
    public Task<bool> BlockAsync(string userId, string byClient, CancellationToken ct) =>
        ChangeAsync(
            userId,
            user => user with { Blocked = true, Epoch = user.Epoch + 1, SessionCount = 0 },
            new(EventKinds.Blocked) { ClientId = byClient },
            ct);

    /// <summary>Lets a user sign in again. False if there is no such user.</summary>
    public Task<bool> UnblockAsync(string userId, string byClient, CancellationToken ct) =>
        ChangeAsync(userId, user => user with { Blocked = false }, new(EventKinds.Unblocked) { ClientId = byClient }, ct);

    /// <summary>Ends every session of a user by raising the epoch. False if there is no such user.</summary>
    public Task<bool> EndSessionsAsync(string userId, AuditEvent because, CancellationToken ct) =>
        ChangeAsync(userId, user => user with { Epoch = user.Epoch + 1, SessionCount = 0 }, because, ct);

    private async Task<bool> ChangeAsync(string userId, Func<UserRow, UserRow> change, AuditEvent e, CancellationToken ct)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await users.FindAsync(userId, ct) is not { } user)
            {
                return false;
            }

            var changed = change(user);
            var told = changed.Epoch != user.Epoch ? await notices.AnnounceAllAsync(user, ct) : [];
            if (await table.CommitAsync([users.Replace(changed), events.Add(userId, e), .. told.Select(t => t.Change)], ct) is Commit.Done)
            {
                await outbox.WakeAsync(told, ct);
                return true;
            }
        }

        throw new OutageException("table Users");
    }
}
