using AuthFunctions.Faults.Checking;

namespace AuthFunctions.Tests.Faults;

/// <summary>Histories as a run records them. Times are seconds; each request takes a tenth of one unless told otherwise.</summary>
internal static class Histories
{
    public const string Ada = "ada";
    public const string S = "session";

    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(10);

    /// <summary>A session that rotates, whose client asks again after a lost answer, whose tab comes late, and that is signed out.</summary>
    public static List<Entry> Valid() =>
    [
        Made(0),
        Refresh(20, 0, 1),
        Refresh(40, 1, null, Outcome.Unknown),
        Refresh(41, 1, 2),
        Refresh(42, 1, 2),
        Refresh(43, 2, 2),
        Look(44, Outcome.Done),
        Leave(60),
        Refresh(61, 2, null, Outcome.Refused),
        Look(62, Outcome.Refused),
    ];

    public static Entry Made(double at) => At(at, new Entry(Verb.SignIn, Ada) { Opened = S });

    public static Entry Look(double at, Outcome outcome) => At(at, new Entry(Verb.Look, Ada) { Session = S, Outcome = outcome });

    public static Entry Leave(double at, Outcome outcome = Outcome.Done) =>
        At(at, new Entry(Verb.SignOut, Ada) { Session = S, Outcome = outcome });

    /// <summary>A refresh from one generation to another; a generation's secret is called after it.</summary>
    public static Entry Refresh(double at, int presented, int? returned, Outcome outcome = Outcome.Done) => At(at, new Entry(Verb.Refresh, Ada)
    {
        Session = S,
        Presented = Secret(presented),
        Returned = returned is { } r ? Secret(r) : null,
        Outcome = outcome,
    });

    public static SecretLabel Secret(int generation) => new(generation, $"secret {generation}");

    public static Entry At(double start, Entry entry, double lasts = 0.1) =>
        entry with { Start = TimeSpan.FromSeconds(start), End = TimeSpan.FromSeconds(start + lasts) };

    public static List<Finding> Check(IEnumerable<Entry> history, Rollback? rollback = null) =>
        Checker.Check([.. history], Leeway, rollback: rollback);
}
