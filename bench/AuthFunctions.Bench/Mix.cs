namespace AuthFunctions.Bench;

/// <summary>Several loads at the same time.</summary>
/// <param name="Seconds">How long rounds fall due; those under way then are done to their end.</param>
/// <param name="WindowSeconds">How often it is told what was done.</param>
/// <param name="Loads">The loads, by name.</param>
public sealed record Mix(double Seconds, double WindowSeconds, Dictionary<string, Load> Loads);

/// <summary>What to send at a pace of its own, whether the answers keep up or not (an open loop).</summary>
/// <param name="Port">Port on 127.0.0.1.</param>
/// <param name="Rate">Rounds a second, of all chains together; the chains take turns.</param>
/// <param name="Chains">One connection each: the variables that its steps begin with.</param>
/// <param name="Steps">What a round consists of.</param>
/// <param name="AtOnce">How many rounds fall due at one moment.</param>
/// <param name="Phase">How many rounds late the load begins, 0 to 1, so that loads of like rates are not always due together.</param>
public sealed record Load(
    int Port, double Rate, IReadOnlyList<Dictionary<string, string>> Chains, IReadOnlyList<Step> Steps, int AtOnce = 1, double Phase = 0);

/// <summary>What came of a load since the last time it was told.</summary>
/// <param name="Rounds">The rounds that were done.</param>
/// <param name="Refused">Answers other than expected; the first one is told.</param>
/// <param name="FirstRefusal">Its head and body.</param>
public sealed record Tally(IReadOnlyList<Round> Rounds, int Refused, string? FirstRefusal);

/// <summary>One round that was done.</summary>
/// <param name="Due">When it was to begin, in seconds since the mix began.</param>
/// <param name="Milliseconds">From then to its last answer, so that a round waiting for the one before it counts as the wait that it is.</param>
/// <param name="Deferrals">How often a 503 was waited out.</param>
public sealed record Round(double Due, double Milliseconds, int Deferrals);
