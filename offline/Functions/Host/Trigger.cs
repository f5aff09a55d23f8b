namespace AuthFunctions.Offline.Functions;

/// <summary>What runs a function.</summary>
internal abstract record Trigger
{
    private Trigger()
    {
    }

    /// <summary>A request to <paramref name="Pattern"/>, prefix included; no methods: any.</summary>
    public sealed record Http(string Pattern, IReadOnlyList<string> RouteValues, IReadOnlyList<string> Methods) : Trigger
    {
        public bool IsCatchAll => Pattern.Contains("{*", StringComparison.Ordinal);
    }

    /// <summary>A message in the queue; <paramref name="Connection"/> is the setting that says where it is.</summary>
    public sealed record Queue(string Name, string Connection) : Trigger;

    public sealed record Timer(CronSchedule Schedule, bool RunOnStartup, bool UseMonitor) : Trigger;
}
