using AuthFunctions.Users;

namespace AuthFunctions.Sessions;

/// <summary>A session with the rows that decide whether it lives.</summary>
/// <param name="User">Its user.</param>
/// <param name="Session">The session.</param>
/// <param name="Root">Its root; the session itself if it is one; null if the root ended.</param>
public sealed record FoundSession(UserRow User, SessionRow Session, SessionRow? Root)
{
    /// <summary>Null if the session lives at that moment: by its own row, its root's and the user's epoch. Else why not.</summary>
    /// <remarks>A root that nobody uses on its own site does not end the sessions that are used on others.</remarks>
    public string? WhyDead(DateTimeOffset now) =>
        Root is null ? "the root session ended"
        : User.Blocked ? "the user is blocked"
        : Session.Epoch != User.Epoch || Root.Epoch != User.Epoch ? "all sessions were ended"
        : Session.ExpiresAt <= now ? "the session expired"
        : Root.AbsoluteExpiresAt <= now ? "the root session expired"
        : null;
}

/// <summary>Reads what decides about a session in one round trip: its row, its root's and the user's.</summary>
public sealed class SessionReader(SessionStore sessions, UserStore users)
{
    /// <summary>The session, alive or not; null if its row or its user is gone.</summary>
    public async Task<FoundSession?> FindAsync(string userId, SessionId id, CancellationToken ct)
    {
        var user = users.FindAsync(userId, ct);
        var session = sessions.FindAsync(userId, id, ct);
        var root = id.IsChild ? sessions.FindAsync(userId, id.Root, ct) : session;
        await Task.WhenAll(user, session, root);
        return await user is { } u && await session is { } s ? new FoundSession(u, s, await root) : null;
    }
}
