using AuthFunctions.Users;

namespace AuthFunctions.Sessions;

/// <summary>One of a user's sign-ins, or one client's own session, with what lives of its tree.</summary>
/// <param name="Root">The root.</param>
/// <param name="Living">The sessions that live, on all sites; one at least.</param>
public sealed record SessionTree(SessionRow Root, IReadOnlyList<SessionRow> Living)
{
    /// <summary>The session that was used last.</summary>
    public SessionRow LastUsed => Living.MaxBy(s => s.LastUsedAt)!;

    /// <summary>The sites where it is signed in, the one of the sign-in first.</summary>
    public IEnumerable<string> Sites => Living.Select(s => s.Site).Distinct(StringComparer.Ordinal);

    /// <summary>The living trees among a user's session rows, newest use first.</summary>
    public static IReadOnlyList<SessionTree> Of(UserRow user, IEnumerable<SessionRow> rows, DateTimeOffset now) =>
    [
        .. from tree in rows.GroupBy(s => s.Id.Root)
           let root = tree.FirstOrDefault(s => s.Id == tree.Key)
           let living = tree.Where(s => new FoundSession(user, s, root).WhyDead(now) is null).ToList()
           where living.Count > 0
           let found = new SessionTree(root!, living)
           orderby found.LastUsed.LastUsedAt descending
           select found,
    ];
}
