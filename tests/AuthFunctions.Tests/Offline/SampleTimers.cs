using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Tests.Offline;

// Functions for the tests of timers alone.

public sealed class SampleTimers(List<string> ran)
{
    [Function("Yearly")]
    public void Yearly([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer, FunctionContext context) =>
        ran.Add($"{context.FunctionDefinition.Name}, request: {context.GetHttpContext() is not null}, "
            + $"status: {timer.ScheduleStatus is not null}");

    [Function("Broken")]
    public Task BrokenAsync([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) =>
        throw new InvalidOperationException(ran.Count == 0 && timer is not null ? "a timer's fault" : "run at a wrong moment");
}

public sealed class SampleGauge
{
    private int now;

    public int Most { get; private set; }

    public async Task MeasureAsync(CancellationToken ct)
    {
        Most = Math.Max(Most, Interlocked.Increment(ref now));
        await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        Interlocked.Decrement(ref now);
    }
}

public sealed class SampleSlowTimer(SampleGauge gauge)
{
    [Function("Slow")]
    public Task RunAsync([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer, CancellationToken ct)
    {
        Assert.False(timer.IsPastDue);
        return gauge.MeasureAsync(ct);
    }
}

public static class SampleHourly
{
    [Function("Hourly")]
    public static bool Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) => timer.IsPastDue;
}

/// <summary>A clock whose timers are due at once, and later than asked for by <see cref="Oversleeps"/>.</summary>
public sealed class SampleClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 5, 4, 10, 59, 30, TimeSpan.Zero);

    public TimeSpan Oversleeps { get; init; }

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Now += dueTime + Oversleeps;
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}

public sealed class SampleFired : TaskCompletionSource<TimerInfo>;

public sealed class SampleScheduled(SampleFired fired)
{
    [Function("Scheduled")]
    public void Run([TimerTrigger("%Sample:Schedule%")] TimerInfo timer) => fired.TrySetResult(timer);
}
