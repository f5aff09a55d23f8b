using System.Text.Json.Serialization;

namespace AuthFunctions.Bench;

/// <summary>What to send, to whom, and for how long.</summary>
/// <param name="Port">Port on 127.0.0.1.</param>
/// <param name="Seconds">How long it is measured.</param>
/// <param name="WarmUpSeconds">How long it runs before that.</param>
/// <param name="ProcessId">The process whose CPU time counts.</param>
/// <param name="Chains">One connection each: the variables that its steps begin with.</param>
/// <param name="Steps">What each connection does again and again, one after the other.</param>
public sealed record Plan(
    int Port, double Seconds, double WarmUpSeconds, int ProcessId, IReadOnlyList<Dictionary<string, string>> Chains, IReadOnlyList<Step> Steps);

/// <summary>One request and what is taken out of its answer. <c>${name}</c> stands for a variable of the chain.</summary>
/// <param name="Head">Request line and header lines but for Content-Length, divided by line feeds.</param>
/// <param name="Body">The body, or null.</param>
/// <param name="Status">The status that it must be answered with.</param>
/// <param name="Extract">Variables by regular expression, group 1, over the answer's head and body.</param>
/// <param name="Persists">Whether a 503 with <c>Retry-After</c> is waited out, and the request sent again.</param>
public sealed record Step(string Head, string? Body, int Status, Dictionary<string, string>? Extract, bool Persists = false);

/// <summary>What came of a plan.</summary>
/// <param name="Rounds">How often a chain went through all its steps within the time measured.</param>
/// <param name="PerSecond">The same, a second.</param>
/// <param name="P50Milliseconds">The median of how long one took.</param>
/// <param name="P99Milliseconds">The 99th percentile.</param>
/// <param name="CpuMicroseconds">CPU time of the process for each of them.</param>
/// <param name="ResidentMegabytes">Resident memory of the process afterwards.</param>
/// <param name="Refused">Answers other than expected; the first one is told.</param>
/// <param name="FirstRefusal">Its head and body.</param>
public sealed record Measured(
    int Rounds, double PerSecond, double P50Milliseconds, double P99Milliseconds, double CpuMicroseconds, double ResidentMegabytes, int Refused,
    string? FirstRefusal);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(Measured))]
[JsonSerializable(typeof(Mix))]
[JsonSerializable(typeof(Dictionary<string, Tally>))]
internal sealed partial class BenchJson : JsonSerializerContext;
