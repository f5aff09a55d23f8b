using AuthFunctions.Clients;
using AuthFunctions.Outbox;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using AuthFunctions.Storage;
using AuthFunctions.Users;

namespace AuthFunctions.Sessions;

/// <summary>
/// Whom an ending is to be told (OpenID Connect Back-Channel Logout 1.0): an intent for each client that took part, committed with the ending.
/// </summary>
/// <remarks>
/// Nothing lists a session's clients. What a client was granted is a row of its own, below the browser's session or, where it outlives that,
/// naming it; so who took part is looked up when a session ends, and no sign-in, grant or refresh pays for it. Whoever commits the intents
/// replaces the user row that was read before: so does whatever makes sessions and whatever else tells of their end, and of two that
/// overlap one decides anew. Nobody is forgotten, and nobody is told twice.
/// </remarks>
public sealed class LogoutNotices(ClientDirectory clients, SiteDirectory sites, SessionStore sessions, OutboxWriter outbox)
{
    /// <summary>How long it is tried: by then most clients' own sessions are over.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <summary>True if the end of this session may be somebody's to know. Costs no storage call.</summary>
    public bool MayConcern(SessionRow session) =>
        clients.HasBackchannelLogout && (session.ClientId == ClientIds.FirstParty ? !session.Id.IsChild : IsTold(session));

    /// <summary>Announces what clients are told when these sessions end, and with a root its tree.</summary>
    /// <param name="user">The user as read, whom the caller replaces in the same commit.</param>
    /// <param name="ended">The sessions.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<IReadOnlyList<OutboxEntry>> AnnounceAsync(UserRow user, IReadOnlyCollection<SessionRow> ended, CancellationToken ct) =>
        ended.Any(MayConcern) ? await AnnounceAsync(user, living => living.Where(s => ended.Any(e => Reaches(e, s))), ct) : [];

    /// <summary>Announces what clients are told when all of a user's sessions end.</summary>
    public async Task<IReadOnlyList<OutboxEntry>> AnnounceAllAsync(UserRow user, CancellationToken ct) =>
        clients.HasBackchannelLogout ? await AnnounceAsync(user, living => living, ct) : [];

    /// <summary>
    /// A grant that outlives the browser's session stays, with its refresh tokens (Back-Channel Logout §2.7); but its client signed somebody in
    /// by that session, and is told that they left.
    /// </summary>
    private static bool Reaches(SessionRow ended, SessionRow session) =>
        session.Id == ended.Id || (!ended.Id.IsChild && (session.Id.Root == ended.Id || session.GrantedBy == ended.Id));

    private async Task<IReadOnlyList<OutboxEntry>> AnnounceAsync(
        UserRow user, Func<IEnumerable<SessionRow>, IEnumerable<SessionRow>> choose, CancellationToken ct)
    {
        // Of what ended before, by its root or by the epoch, clients were told then. What merely expired may still be a session to its client.
        var rows = await sessions.ListAsync(user.Id, ct);
        var roots = rows.Where(r => !r.Id.IsChild).Select(r => r.Id).ToHashSet();
        var notices = choose(rows.Where(r => r.Epoch == user.Epoch && roots.Contains(r.Id.Root)))
            .Where(IsTold)
            .GroupBy(r => r.ClientId, StringComparer.Ordinal)
            .Select(g => new LogoutNotice(g.Key, [.. g.Select(r => new EndedSession(r.Site, r.Id.ToString()))]).Write())
            .ToList();
        return notices.Count == 0 ? [] : await outbox.AnnounceAsync(TableNames.Users, user.Id, OutboxKinds.Logout, notices, Patience, ct);
    }

    private bool IsTold(SessionRow session) =>
        sites.Find(session.Site) is { } site && clients.Find(site, session.ClientId)?.BackchannelLogoutUri is not null;
}
