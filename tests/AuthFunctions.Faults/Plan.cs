using System.Globalization;

namespace AuthFunctions.Faults;

/// <summary>What a run is asked for.</summary>
internal sealed record Plan
{
    /// <summary>How often an instance must have been killed in the end, or the run fails.</summary>
    public int Kills { get; init; } = 200;

    /// <summary>How many refreshes must have been answered in the end, or the run fails.</summary>
    public int Refreshes { get; init; } = 100_000;

    /// <summary>Makes the same choices again; when they are met is the machine's matter.</summary>
    public int Seed { get; init; } = Environment.TickCount & 0xFFFF;

    /// <summary>One scenario, or null for all.</summary>
    public string? Only { get; init; }

    /// <summary>Where results.json and the instances' output go.</summary>
    public string Out { get; init; } = Path.GetFullPath(".dev/faults");

    /// <summary>People at the start.</summary>
    public int People { get; init; } = 80;

    /// <summary>Sessions with refresh tokens that each of them keeps.</summary>
    public int SessionsEach { get; init; } = 12;

    /// <summary>How many people act at the same moment.</summary>
    public int Workers { get; init; } = 16;

    /// <summary>How long a scenario's faults last.</summary>
    public TimeSpan Span { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Sessions:RefreshLeeway of the instances: the default, but in a short run, which would have no time to rotate anything.</summary>
    public TimeSpan Leeway { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Null where the command line is wrong; why is said on standard error.</summary>
    public static Plan? Parse(string[] args)
    {
        var plan = args.Contains("--short") ? Short : new Plan();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--short")
            {
                continue;
            }

            var value = ++i < args.Length ? args[i] : "";
            int? number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
            Plan? next = args[i - 1] switch
            {
                "--kills" when number is { } kills => plan with { Kills = kills },
                "--refreshes" when number is { } refreshes => plan with { Refreshes = refreshes },
                "--seed" when number is { } seed => plan with { Seed = seed },
                "--seconds" when number is { } seconds => plan with { Span = TimeSpan.FromSeconds(seconds) },
                "--only" when value.Length > 0 => plan with { Only = value },
                "--out" when value.Length > 0 => plan with { Out = Path.GetFullPath(value) },
                _ => null,
            };
            if (next is null)
            {
                Console.Error.WriteLine($"Not understood: {args[i - 1]} {value}");
                return null;
            }

            plan = next;
        }

        return plan;
    }

    /// <summary>Each fault once, a few kills: what CI has time for.</summary>
    private static Plan Short => new()
    {
        Kills = 4,
        Refreshes = 1000,
        People = 12,
        SessionsEach = 5,
        Workers = 8,
        Span = TimeSpan.FromSeconds(1),
        Leeway = TimeSpan.FromSeconds(2),
    };
}
