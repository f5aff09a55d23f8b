namespace Microsoft.Azure.Functions.Worker;

public class TimerInfo
{
    /// <summary>Null when the run was asked for by hand, or when the trigger does not monitor.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    public bool IsPastDue { get; set; }
}
