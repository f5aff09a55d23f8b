namespace AuthFunctions.Telemetry;

/// <summary>Settings <c>Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The settings section.</summary>
    public const string Section = "Telemetry";

    /// <summary>Whether metrics and traces are printed to the console, for <c>scripts/dev --telemetry</c>. Off by default.</summary>
    public bool Print { get; set; }

    /// <summary>How often metrics are written to the log, 10 seconds to 1 hour, or 0 for never; 1 minute by default.</summary>
    public TimeSpan LogEvery { get; set; } = TimeSpan.FromMinutes(1);
}
