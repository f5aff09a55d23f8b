namespace AuthFunctions.Faults.Checking;

/// <summary>What an entry means to one session.</summary>
internal enum Meaning
{
    Open,
    RefreshBySecret,
    SeenAlive,
    SeenDead,
    End,
}

/// <summary>An entry as it concerns one session.</summary>
internal sealed record Step(Meaning Meaning, Entry Entry)
{
    /// <summary>False if it may never have happened.</summary>
    public bool IsCertain => Entry.Outcome != Outcome.Unknown;

    /// <summary>What an entry means to a session, or null if it means nothing to it.</summary>
    public static Step? Of(Entry entry, string session)
    {
        if (entry.Opened == session)
        {
            return new Step(Meaning.Open, entry);
        }

        if (entry.Replaced is { } replaced && SessionTree.Ends(replaced, session) && entry.Outcome != Outcome.Refused)
        {
            return new Step(Meaning.End, entry);
        }

        if (entry.Verb == Verb.ReuseCode)
        {
            // Refused it always is: that is how it ends what the code was redeemed for.
            return entry.Session == session ? new Step(Meaning.End, entry) : null;
        }

        var ends = entry.EndsAll || (entry.Session is { } ended && entry.Verb switch
        {
            Verb.SignOut => SessionTree.Ends(SessionTree.Root(ended), session),
            Verb.Revoke => SessionTree.Ends(ended, session),
            _ => false,
        });
        if (ends && entry.Outcome != Outcome.Refused)
        {
            return new Step(Meaning.End, entry);
        }

        return entry.Session != session ? null : entry switch
        {
            { Verb: Verb.Refresh, Presented: not null } => new Step(Meaning.RefreshBySecret, entry),
            { Outcome: Outcome.Refused } => new Step(Meaning.SeenDead, entry),
            
            // What is made from a session shows that it lives.
            { Outcome: Outcome.Done, Verb: Verb.Refresh or Verb.Look or Verb.HandOff or Verb.Redeem } => new Step(Meaning.SeenAlive, entry),
            _ => null,
        };
    }
}
