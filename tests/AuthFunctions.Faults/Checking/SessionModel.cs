namespace AuthFunctions.Faults.Checking;

/// <summary>Where in its life a session is.</summary>
internal enum Life
{
    None,
    Alive,
    Ended,
}

/// <summary>
/// A session as docs/architecture.md has it, one request after the other: it begins, its secret rotates, a secret that is used up ends it or,
/// within the leeway, yields its successor once more; it ends, and stays so.
/// </summary>
/// <param name="Life">Whether it lives.</param>
/// <param name="Generation">That of its current secret.</param>
/// <param name="RotatedAfter">The last rotation was not before this; null if there was none that matters still.</param>
/// <param name="RotatedBefore">Nor after this.</param>
internal readonly record struct SessionModel(Life Life, int Generation, TimeSpan? RotatedAfter, TimeSpan RotatedBefore)
{
    /// <summary>One that is over: how far it had come matters no more.</summary>
    public static readonly SessionModel Over = new(Life.Ended, 0, null, default);

    /// <summary>The states that a step can lead to; none if it cannot come here. One that may not have happened can also be left out.</summary>
    /// <param name="step">The step.</param>
    /// <param name="leeway">Sessions:RefreshLeeway.</param>
    /// <param name="skew">How far the instances' clocks are apart.</param>
    public IEnumerable<SessionModel> After(Step step, TimeSpan leeway, TimeSpan skew) => step.Meaning switch
    {
        Meaning.Open => Life == Life.None ? [new(Life.Alive, 0, null, default)] : [],
        
        // All sessions of a user end by what comes before the next sign-in; of a tree that ended none can begin.
        Meaning.End => [Life == Life.None && step.Entry.EndsAll ? this : Over],
        Meaning.SeenAlive => Life == Life.Alive ? [this] : [],
        Meaning.SeenDead => Life == Life.Ended ? [this] : [],
        _ => Refreshed(step.Entry, leeway, skew),
    };

    private IEnumerable<SessionModel> Refreshed(Entry entry, TimeSpan leeway, TimeSpan skew)
    {
        var presented = entry.Presented!.Value.Generation;
        if (Life == Life.Ended)
        {
            return entry.Outcome == Outcome.Done ? [] : [this];
        }

        if (Life == Life.None)
        {
            return [];
        }

        if (presented > Generation)
        {
            // Only of a storage that took the rotation back: genuine, and not the current one.
            return entry.Outcome == Outcome.Done ? [] : [Over];
        }

        // Both ends of how long ago the last rotation was, by the clock of whichever instance looks.
        var atLeast = RotatedAfter is null ? TimeSpan.MaxValue : entry.Start - RotatedBefore - skew;
        var atMost = RotatedAfter is { } after ? entry.End - after + skew : TimeSpan.MaxValue;
        var (mayBeWithin, mayBePast) = (atLeast < leeway, atMost >= leeway);
        var same = this;
        var rotated = new SessionModel(Life.Alive, Generation + 1, entry.Start, entry.End);
        return (presented == Generation, entry.Outcome) switch
        {
            (true, Outcome.Done) when entry.Returned?.Generation == Generation => mayBeWithin ? [same] : [],
            (true, Outcome.Done) when entry.Returned?.Generation == Generation + 1 => mayBePast ? [rotated] : [],

            // Of several tries the first can rotate, and a later one arrive when its secret is used up.
            (true, Outcome.Unknown) => !mayBePast ? [] : entry.IsRepeated ? [rotated, Over] : [rotated],
            (false, Outcome.Done) => presented == Generation - 1 && entry.Returned?.Generation == Generation && mayBeWithin ? [same] : [],
            (false, _) => presented < Generation - 1 || mayBePast ? [Over] : [],
            _ => [],
        };
    }
}
