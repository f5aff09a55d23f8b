using AuthFunctions.Events;
using AuthFunctions.Outbox;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using AuthFunctions.Users;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Authorize;

/// <summary>Takes back what a user let a client have: the consent, the client's sessions, and codes that would still become some.</summary>
public sealed class ConsentWithdrawal(
    ConsentStore consents, CodeStore codes, SessionStore sessions, UserStore users, EventStore events, LogoutNotices notices,
    OutboxWriter outbox, [FromKeyedServices(TableNames.Users)] ITable table, TimeProvider clock)
{
    private const int MaxTries = 40;

    /// <summary>A transaction takes 100 operations: two for each session, one for each code, four for the rest.</summary>
    private const int MaxSessions = 40;

    private const int MaxCodes = 15;

    /// <summary>Withdraws consent. False if there is none.</summary>
    /// <remarks>
    /// One transaction, unless the client has more sessions than fit: then these end first and the consent goes with the last, so that whoever
    /// meets a crash between them can withdraw again.
    /// </remarks>
    public async Task<bool> WithdrawAsync(string userId, string clientId, string site, CancellationToken ct)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            // The user row before the others: what makes a session or a code replaces it, so that one which the lists miss makes the commit fail.
            var finding = users.FindAsync(userId, ct);
            var consenting = consents.FindAsync(userId, clientId, ct);
            await Task.WhenAll(finding, consenting);
            if (await finding is not { } user || await consenting is not { } consent)
            {
                return false;
            }

            var now = clock.GetUtcNow();
            var ended = (await sessions.ListAsync(userId, ct))
                .Where(s => s.ClientId == clientId && s.Epoch == user.Epoch && s.AbsoluteExpiresAt > now).ToList();
            var voided = (await codes.ListAsync(userId, ct))
                .Where(c => c.ClientId == clientId && c.RedeemedFor is null && c.ExpiresAt > now).ToList();
            var told = await notices.AnnounceAsync(user, [.. ended.Take(MaxSessions)], ct);
            var isLast = ended.Count <= MaxSessions && voided.Count <= MaxCodes;
            if (await table.CommitAsync(
                [
                    users.Replace(user),
                    .. voided.Take(MaxCodes).Select(codes.Delete),
                    .. ended.Take(MaxSessions).SelectMany(End),
                    .. isLast ? Withdraw(consent, site) : [],
                    .. told.Select(t => t.Change),
                ],
                ct) is Commit.Done)
            {
                await outbox.WakeAsync(told, ct);
                if (isLast)
                {
                    return true;
                }
            }
        }

        throw new OutageException("table Users");
    }

    private Change[] Withdraw(ConsentRow consent, string site) =>
    [
        consents.Delete(consent),
        events.Add(consent.UserId, new(EventKinds.ConsentWithdrawn) { Site = site, ClientId = consent.ClientId }),
    ];

    private Change[] End(SessionRow session) =>
    [
        sessions.Delete(session),
        events.Add(session.UserId, new(EventKinds.SessionEnded)
        {
            Site = session.Site,
            SessionId = session.Id.ToString(),
            ClientId = session.ClientId,
            Reason = EndReasons.ConsentWithdrawn,
        }),
    ];
}
