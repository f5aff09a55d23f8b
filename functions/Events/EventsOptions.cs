namespace AuthFunctions.Events;

/// <summary>Settings <c>Events</c>.</summary>
public sealed class EventsOptions
{
    /// <summary>The settings section.</summary>
    public const string Section = "Events";

    /// <summary>How long audit events are kept, 1 to 3650 days; 365 days by default.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(365);
}
