using System.Text.Json;
using AuthFunctions.Faults.Checking;

namespace AuthFunctions.Faults;

/// <summary>What a run says in the end.</summary>
internal static class Report
{
    private const int Shown = 5;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private static readonly (string Title, Func<Outcomes, object> Of)[] Columns =
    [
        ("seconds", o => Math.Round(o.Seconds)), ("requests", o => o.Requests), ("refreshes", o => o.Refreshes), ("rotations", o => o.Rotations),
        ("faults", o => o.Faults), ("unanswered", o => o.Unanswered), ("ended as reused", o => o.EndedAsReused), ("lost", o => o.Lost),
        ("doubled", o => o.Doubled), ("undead", o => o.Undead), ("half made", o => o.HalfMade), ("audit", o => o.Audit),
        ("unexplained", o => o.Unexplained), ("undecided", o => o.Undecided), ("", o => o.Verdict),
    ];

    /// <summary>The table, in Markdown, as docs/faults.md has it.</summary>
    public static string Table(IReadOnlyList<Outcomes> rows)
    {
        var sum = new Outcomes("all")
        {
            Seconds = rows.Sum(r => r.Seconds),
            Requests = rows.Sum(r => r.Requests),
            Refreshes = rows.Sum(r => r.Refreshes),
            Rotations = rows.Sum(r => r.Rotations),
            Faults = rows.All(r => r.Faults > 0) ? rows.Sum(r => r.Faults) : 0,
            Unanswered = rows.Sum(r => r.Unanswered),
            EndedAsReused = rows.Sum(r => r.EndedAsReused),
            Lost = rows.Sum(r => r.Lost),
            Doubled = rows.Sum(r => r.Doubled),
            Undead = rows.Sum(r => r.Undead),
            HalfMade = rows.Sum(r => r.HalfMade),
            Audit = rows.Sum(r => r.Audit),
            Unexplained = rows.Sum(r => r.Unexplained),
            Undecided = rows.Sum(r => r.Undecided),
        };
        string Line(string name, IEnumerable<object> cells) => $"| {name} | {string.Join(" | ", cells)} |";
        return string.Join('\n',
        [
            Line("scenario", Columns.Select(c => c.Title)),
            $"|---|{string.Concat(Columns.Select(_ => "--:|"))}",
            .. rows.Append(sum).Select(row => Line(row.Scenario, Columns.Select(c => c.Of(row)))),
        ]);
    }

    /// <summary>Shows the first findings, each with what was recorded around it.</summary>
    public static void Show(string scenario, IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings.Take(Shown))
        {
            Console.WriteLine($"\n{finding.Wrong} in '{scenario}': {finding.What}");
            foreach (var entry in finding.Shown)
            {
                Console.WriteLine($"      {entry}");
            }
        }

        if (findings.Count > Shown)
        {
            Console.WriteLine($"\n… and {findings.Count - Shown} more");
        }
    }

    /// <summary>Writes results.json, as far as the run has come.</summary>
    public static void Write(Plan plan, IReadOnlyList<Outcomes> rows) => File.WriteAllText(
        Path.Combine(plan.Out, "results.json"),
        JsonSerializer.Serialize(new { at = DateTimeOffset.UtcNow, cores = Environment.ProcessorCount, plan, rows }, Json));
}
