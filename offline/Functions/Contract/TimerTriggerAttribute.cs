using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function on a schedule in UTC.</summary>
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    /// <summary>Six cron fields (second first), or <c>%Setting%</c>, the name of a setting that holds them.</summary>
    public string Schedule { get; private set; } = schedule;

    /// <summary>Whether runs are remembered, for <see cref="TimerInfo.ScheduleStatus"/>; true by default.</summary>
    public bool UseMonitor { get; set; } = true;

    public bool RunOnStartup { get; set; }
}
