namespace AuthFunctions.Faults.Checking;

/// <summary>Checks what clients were told: each session against <see cref="SessionModel"/>, and every secret for its successors.</summary>
internal static class Checker
{
    private const int Shown = 14;

    /// <summary>All that is wrong with a history.</summary>
    /// <param name="history">It.</param>
    /// <param name="leeway">Sessions:RefreshLeeway.</param>
    /// <param name="skew">How far the instances' clocks were apart.</param>
    /// <param name="rollback">What storage took back, or null.</param>
    public static List<Finding> Check(IReadOnlyList<Entry> history, TimeSpan leeway, TimeSpan skew = default, Rollback? rollback = null) =>
    [
        .. Successors([.. history.Where(e => rollback?.Precedes(e) != true)]),
        .. Successors([.. history.Where(e => rollback?.Precedes(e) == true)]),
        .. BySession(history).SelectMany(s => Session(s.Session, s.Entries, leeway, skew, rollback)),
    ];

    /// <summary>Each session of the history, with the entries that concern it.</summary>
    private static IEnumerable<(string Session, List<Entry> Entries)> BySession(IReadOnlyList<Entry> history) =>
        from mine in history.GroupBy(e => e.User)
        let entries = mine.ToList()
        from session in entries.SelectMany(e => new[] { e.Opened, e.Verb is Verb.Known ? e.Session : null }).OfType<string>().Distinct()
        select (session, entries.Where(e => Step.Of(e, session) is not null || (e.Verb == Verb.Known && e.Session == session)).ToList());

    private static IEnumerable<Finding> Session(string session, List<Entry> entries, TimeSpan leeway, TimeSpan skew, Rollback? rollback)
    {
        var known = entries.Find(e => e.Verb == Verb.Known);

        // When it last rotated is not known: at the latest just before.
        var start = known is null ? default : new SessionModel(Life.Alive, known.Presented?.Generation ?? 0, known.Start, known.End);

        // A handoff that is repeated is answered with the session that the first one made.
        var repeated = entries.Where(e => e.Opened == session).OrderBy(e => e.End).Skip(known is null ? 1 : 0).ToHashSet();
        var steps = Whole(entries).Where(e => e != known && !repeated.Contains(e)).Select(e => Step.Of(e, session)).OfType<Step>().ToList();
        var found = rollback is not null && entries.Any(rollback.MayUndo)
            ? AcrossRollback(steps, start, entries, leeway, skew, rollback)
            : Ordering.Unexplained(steps, start, leeway, skew);
        if (found is not var (step, isDecided))
        {
            yield break;
        }

        var wrong = step switch
        {
            _ when !isDecided => Wrong.Undecided,
            { Meaning: Meaning.SeenDead } or { Meaning: Meaning.RefreshBySecret, Entry.Outcome: Outcome.Refused } => Wrong.Lost,
            { Meaning: Meaning.SeenAlive or Meaning.RefreshBySecret } when steps.Any(s => Ended(s) && s.Entry.End < step.Entry.Start) => Wrong.Undead,
            _ => Wrong.Unexplained,
        };
        var at = entries.FindIndex(e => e.Start == step.Entry.Start && e.Verb == step.Entry.Verb);
        yield return new Finding(
            wrong, $"session {session}: no order of its requests explains{Environment.NewLine}    {step.Entry}",
            entries.GetRange(Math.Max(0, at - Shown), Math.Min(entries.Count, at + 4) - Math.Max(0, at - Shown)));
    }

    /// <summary>
    /// A refresh that was asked for again until it was done is one, from its first try to the last answer: twice in a row does what once does.
    /// One that was refused may have been done by a try that was too long ago; the tries without an answer are one there too, which may also
    /// have come in its own way.
    /// </summary>
    private static IEnumerable<Entry> Whole(List<Entry> entries) => entries
        .GroupBy(e => e.Verb == Verb.Refresh && e.Chain > 0 ? (object)e.Chain : e, (_, tries) => tries.OrderBy(e => e.Start).ToList())
        .SelectMany(tries => tries[^1].Outcome == Outcome.Done ? [tries[^1] with { Start = tries[0].Start }] : WithoutAnswer(tries));

    private static List<Entry> WithoutAnswer(List<Entry> tries)
    {
        var unknown = tries.Where(e => e.Outcome == Outcome.Unknown).ToList();
        return unknown.Count < 2
            ? tries
            : [unknown[^1] with { Start = unknown[0].Start, IsRepeated = true }, .. tries.Where(e => e.Outcome != Outcome.Unknown)];
    }

    /// <summary>The latest generation that these show.</summary>
    private static int LatestGeneration(IEnumerable<Entry> entries) =>
        entries.SelectMany(e => new[] { e.Presented, e.Returned }).OfType<SecretLabel>().Select(l => l.Generation).Append(0).Max();

    /// <summary>True if the session was over after this.</summary>
    private static bool Ended(Step step) => step.IsCertain && (step.Meaning == Meaning.End || step.Entry.Outcome == Outcome.Refused);

    /// <summary>Before and after are each in order; in between the session went back to some state that it had since the last save.</summary>
    private static (Step Step, bool IsDecided)? AcrossRollback(
        List<Step> steps, SessionModel start, List<Entry> entries, TimeSpan leeway, TimeSpan skew, Rollback rollback)
    {
        if (Ordering.Unexplained(steps.Where(s => !rollback.Precedes(s.Entry)), start, leeway, skew) is { } before)
        {
            return before;
        }

        // What was answered before the last save is kept.
        var kept = LatestGeneration(entries.Where(e => !rollback.MayUndo(e) && !rollback.Precedes(e)));
        var reached = LatestGeneration(entries.Where(e => !rollback.Precedes(e)));
        var after = steps.Where(s => rollback.Precedes(s.Entry)).ToList();
        return Enumerable.Range(kept, reached - kept + 1)
            .Select(g => new SessionModel(Life.Alive, g, null, default))
            .Append(SessionModel.Over)
            .Select(state => Ordering.Unexplained(after, state, leeway, skew))
            .Aggregate((one, other) => one is null || other is null ? null : one);
    }

    /// <summary>One secret, one successor: a generation of a session has one secret, a code or a handoff token makes one session.</summary>
    private static IEnumerable<Finding> Successors(IReadOnlyList<Entry> history)
    {
        var secrets = from e in history
                      where e.Verb is Verb.Refresh or Verb.Known && e.Session is not null
                      from secret in new[] { e.Presented, e.Returned }
                      where secret is not null
                      select (Of: $"generation {secret.Value.Generation} of session {e.Session}", Is: secret.Value.Label, Entry: e);
        var made = from e in history
                   where e.Verb is Verb.Redeem or Verb.HandOff && e.Presented is not null && e.Opened is not null
                   select (Of: $"{(e.Verb == Verb.Redeem ? "code" : "handoff token")} {e.Presented!.Value.Label}", Is: e.Opened!, Entry: e);
        return from secret in secrets.Concat(made)
               group secret by secret.Of into successors
               where successors.Select(s => s.Is).Distinct().Skip(1).Any()
               select new Finding(Wrong.Doubled, $"{successors.Key} has two successors", [.. successors.Select(s => s.Entry).Take(Shown)]);
    }
}
