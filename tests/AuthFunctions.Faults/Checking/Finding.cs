namespace AuthFunctions.Faults.Checking;

/// <summary>What can be wrong.</summary>
internal enum Wrong
{
    /// <summary>A session that lives was refused.</summary>
    Lost,

    /// <summary>A secret has two successors, or two sessions.</summary>
    Doubled,

    /// <summary>A session that ended lives.</summary>
    Undead,

    /// <summary>A user who has an address and no account, or the other way round, or cannot sign in.</summary>
    HalfMade,

    /// <summary>The audit trail and the state tell different stories.</summary>
    Audit,

    /// <summary>An answer that is no answer to the request, or that no order of requests explains.</summary>
    Unexplained,

    /// <summary>Nothing is known to be wrong, but the checker gave up before it had tried every order.</summary>
    Undecided,
}

/// <summary>A violation, with what shows it.</summary>
internal sealed record Finding(Wrong Wrong, string What, IReadOnlyList<Entry> Shown);
