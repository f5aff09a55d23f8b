using AuthFunctions.Events;
using AuthFunctions.Sessions;

namespace AuthFunctions.Faults.Checking;

/// <summary>What a check of the audit trail cannot ask.</summary>
internal sealed class AuditTerms
{
    /// <summary>False once the clocks were apart, when the order of events says nothing.</summary>
    public bool InOrder { get; set; } = true;

    /// <summary>Users about whom storage may have taken something back.</summary>
    public HashSet<string> TakenBack { get; } = [];
}

/// <summary>Checks what is stored: the audit trail against the state, the state against itself, and both against what clients did.</summary>
internal sealed class Audit
{
    private readonly Stored stored;
    private readonly List<Finding> findings = [];
    private readonly ILookup<string, Entry> doings;
    private readonly ILookup<string, StoredEvent> ended;
    private readonly ILookup<string, StoredEvent> started;
    private readonly AuditTerms terms;

    private Audit(Stored stored, IEnumerable<Entry> history, AuditTerms terms)
    {
        (this.stored, this.terms) = (stored, terms);
        doings = history.ToLookup(e => e.User);
        ended = stored.Events.Where(e => e.Kind == EventKinds.SessionEnded).ToLookup(e => e.Session!);
        started = stored.Events.Where(e => e.Kind == EventKinds.SessionStarted).ToLookup(e => e.Session!);
    }

    /// <summary>All that is wrong with what is stored.</summary>
    /// <param name="stored">It, when nothing is under way.</param>
    /// <param name="history">All that clients ever did.</param>
    /// <param name="living">The sessions that clients hold, each just refreshed.</param>
    /// <param name="terms">What cannot be asked of it.</param>
    public static List<Finding> Check(Stored stored, IEnumerable<Entry> history, IReadOnlySet<string> living, AuditTerms? terms = null)
    {
        var audit = new Audit(stored, history, terms ?? new AuditTerms());
        audit.CheckUsers();
        audit.CheckClaims();
        audit.CheckSessions(living);
        audit.CheckEnds();
        return audit.findings;
    }

    private void CheckUsers()
    {
        var events = stored.Events.ToLookup(e => e.User);
        foreach (var user in stored.Users)
        {
            var mine = events[user.Id].ToList();
            int Count(string kind) => mine.Count(e => e.Kind == kind);
            if (Count(EventKinds.Registered) != 1)
            {
                Add(Wrong.Audit, user.Id, $"user {user.Id} registered {Count(EventKinds.Registered)} times by the audit trail");
            }

            if (user.Epoch != Count(EventKinds.AllSessionsEnded) + Count(EventKinds.Blocked))
            {
                Add(Wrong.Audit, user.Id, $"user {user.Id} is in epoch {user.Epoch}, but the audit trail ends all sessions otherwise often");
            }

            // Their keys sort the newest first.
            var last = mine.Where(e => e.Kind is EventKinds.Blocked or EventKinds.Unblocked).MinBy(e => e.Key, StringComparer.Ordinal);
            if (terms.InOrder && user.Blocked != (last?.Kind == EventKinds.Blocked))
            {
                Add(Wrong.Audit, user.Id, $"user {user.Id} is {(user.Blocked ? "" : "not ")}blocked, but the last event is {last?.Kind ?? "none"}");
            }

            CheckCommands(user.Id, mine, EventKinds.AllSessionsEnded, Verb.SignOutEverywhere, Verb.EndByOperator);
            CheckCommands(user.Id, mine, EventKinds.Blocked, Verb.Block);
            CheckCommands(user.Id, mine, EventKinds.Unblocked, Verb.Unblock);
        }

        foreach (var orphaned in events.Where(e => stored.Users.All(u => u.Id != e.Key)))
        {
            Add(Wrong.HalfMade, orphaned.Key, $"user {orphaned.Key} has a history and no row");
        }
    }

    /// <summary>What was answered as done left an event each time; and there is none of what nobody asked for.</summary>
    private void CheckCommands(string user, List<StoredEvent> events, string kind, params Verb[] verbs)
    {
        var asked = doings[user].Where(e => verbs.Contains(e.Verb) && e.Outcome != Outcome.Refused).ToList();
        var (told, done) = (events.Count(e => e.Kind == kind), asked.Count(e => e.Outcome == Outcome.Done));
        if ((told < done && !terms.TakenBack.Contains(user)) || (told > 0 && asked.Count == 0))
        {
            Add(Wrong.Audit, user, $"user {user}: {told} events {kind}, but {done} such requests were answered as done, of {asked.Count}");
        }
    }

    private void CheckClaims()
    {
        var (users, claims) = (stored.Users.ToDictionary(u => u.Id), stored.Claims.ToDictionary(c => c.EmailHash));
        foreach (var claim in stored.Claims.Where(c => users.GetValueOrDefault(c.UserId)?.EmailHash != c.EmailHash))
        {
            Add(Wrong.HalfMade, claim.UserId, $"an address is claimed for {claim.UserId}, who is no user or has another");
        }

        foreach (var user in stored.Users.Where(u => claims.GetValueOrDefault(u.EmailHash)?.UserId != u.Id))
        {
            Add(Wrong.HalfMade, user.Id, $"user {user.Id} has an address that is not claimed, or for somebody else");
        }
    }

    private void CheckSessions(IReadOnlySet<string> living)
    {
        var rows = stored.Sessions.ToDictionary(s => s.Id);
        var epochs = stored.Users.ToDictionary(u => u.Id, u => u.Epoch);
        foreach (var session in rows.Values.Where(s => started[s.Id].Count() != 1))
        {
            Add(Wrong.Audit, session.User, $"session {session.Id} is there and was started {started[session.Id].Count()} times by the audit trail");
        }

        foreach (var session in started)
        {
            var ends = ended[session.Key].Count();
            if (ends > 1 || (ends == 1) == rows.ContainsKey(session.Key))
            {
                Add(Wrong.Audit, session.First().User,
                    $"session {session.Key} {(rows.ContainsKey(session.Key) ? "is there" : "is gone")} and ended {ends} times by the audit trail");
            }
        }

        bool Lives(string id) =>
            rows.TryGetValue(id, out var row) && rows.ContainsKey(SessionTree.Root(id)) && row.Epoch == epochs.GetValueOrDefault(row.User, -1);
        foreach (var id in living.Where(id => !Lives(id)))
        {
            Add(Wrong.Lost, rows.GetValueOrDefault(id)?.User, $"session {id} was just refreshed, but is dead by its rows");
        }

        // Of a session that nobody holds the answer was lost: it is nobody's, and no client believes that it ended.
        var held = doings.SelectMany(d => d).SelectMany(e => new[] { e.Opened, e.Session }).OfType<string>().ToHashSet();
        foreach (var row in rows.Values.Where(r => Lives(r.Id) && held.Contains(r.Id) && !living.Contains(r.Id)))
        {
            Add(Wrong.Undead, row.User, $"session {row.Id} has ended for its client, but lives by its rows");
        }
    }

    /// <summary>Each reason that the audit trail gives is one that somebody gave cause for.</summary>
    private void CheckEnds()
    {
        foreach (var e in stored.Events.Where(e => e.Kind == EventKinds.SessionEnded))
        {
            var mine = doings[e.User].ToList();
            bool About(Entry d) => d.Session is { } s && SessionTree.Root(s) == SessionTree.Root(e.Session!);
            var explained = e.Reason switch
            {
                EndReasons.SignedOut => mine.Any(d => d.Verb == Verb.SignOut && About(d)),
                EndReasons.Replaced => mine.Any(d => d.Verb is Verb.SignIn or Verb.HandOff && d.Replaced == e.Session),
                EndReasons.Revoked => mine.Any(d => d.Verb == Verb.Revoke && d.Session == e.Session),
                // A client whose rotation was taken back holds a secret that is genuine and not the current one.
                EndReasons.RefreshTokenReused => terms.TakenBack.Contains(e.User) || mine.Where(d => d is { Verb: Verb.Refresh, Presented: not null } && d.Session == e.Session)
                    .GroupBy(d => d.Presented!.Value.Generation).Any(g => g.Skip(1).Any()),

                // A code that was redeemed without an answer is tried once more, and then its session is nobody's.
                EndReasons.CodeReused => mine.Any(d => d.Verb == Verb.ReuseCode && d.Session == e.Session)
                    || (mine.Any(d => d.Verb == Verb.Redeem && d.Outcome != Outcome.Done) && mine.All(d => d.Opened != e.Session)),
                _ => false,
            };
            if (!explained)
            {
                Add(Wrong.Audit, e.User, $"session {e.Session} ended as '{e.Reason}' by the audit trail, which nobody gave cause for");
            }
        }
    }

    private void Add(Wrong wrong, string? user, string what) =>
        findings.Add(new Finding(wrong, what, user is null ? [] : [.. doings[user].TakeLast(20)]));
}
