using AuthFunctions.Faults.Checking;

namespace AuthFunctions.Faults;

/// <summary>A line of the closing table.</summary>
internal sealed record Outcomes(string Scenario)
{
    public double Seconds { get; init; }

    public int Requests { get; init; }

    public int Refreshes { get; init; }

    public int Rotations { get; init; }

    public int Faults { get; init; }

    public int Unanswered { get; init; }

    /// <summary>Sessions that ended as the rules have it, and no thief was there: a secret came again past the leeway.</summary>
    public int EndedAsReused { get; init; }

    public int Lost { get; init; }

    public int Doubled { get; init; }

    public int Undead { get; init; }

    public int HalfMade { get; init; }

    public int Audit { get; init; }

    public int Unexplained { get; init; }

    public int Undecided { get; init; }

    /// <summary>No fault means nothing was proven.</summary>
    public bool IsKept => Faults > 0 && Violations + Undecided == 0;

    /// <summary>In a word.</summary>
    public string Verdict => IsKept ? "kept" : Violations > 0 ? "VIOLATED" : "NOT PROVEN";

    private int Violations => Lost + Doubled + Undead + HalfMade + Audit + Unexplained;

    /// <summary>With what was found.</summary>
    public Outcomes With(IReadOnlyCollection<Finding> findings)
    {
        int Count(Wrong wrong) => findings.Count(f => f.Wrong == wrong);
        return this with
        {
            Lost = Count(Wrong.Lost),
            Doubled = Count(Wrong.Doubled),
            Undead = Count(Wrong.Undead),
            HalfMade = Count(Wrong.HalfMade),
            Audit = Count(Wrong.Audit),
            Unexplained = Count(Wrong.Unexplained),
            Undecided = Count(Wrong.Undecided),
        };
    }
}
