using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Offline.Functions;

/// <summary>One timer function: by its schedule, or by hand, but never twice at once.</summary>
internal sealed class TimerJob(
    LoadedFunction function,
    Trigger.Timer trigger,
    FunctionExecutionDelegate pipeline,
    IServiceScopeFactory scopes,
    ILogger logger,
    TimeProvider time) : IDisposable
{
    // A machine that slept wakes later than this.
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    // Longer waits are cut, so that a clock that was set is noticed, and a timer's limit of 49 days never met.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim gate = new(1, 1);

    public string Name => function.Name;

    /// <summary>Waits for a run that is under way, then runs. A failure is logged, and nothing else happens.</summary>
    public async Task RunAsync(TimerInfo info, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await pipeline(new LocalFunctionContext(function, scope.ServiceProvider, ct) { Timer = info });
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The host is stopping.
        }
        catch (Exception fault)
        {
            HostLog.FunctionFailed(logger, fault, Name);
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task FollowScheduleAsync(CancellationToken ct)
    {
        if (trigger.RunOnStartup)
        {
            await RunAsync(new TimerInfo(), ct);
        }

        var last = default(DateTime);
        var due = trigger.Schedule.Next(time.GetUtcNow());
        while (due is { } at)
        {
            await WaitUntilAsync(at, ct);
            var late = time.GetUtcNow() - at > Late;
            if (late)
            {
                HostLog.TimerLate(logger, Name, at);
            }

            var following = trigger.Schedule.Next(at);
            await RunAsync(new TimerInfo { IsPastDue = late, ScheduleStatus = Status(last, following ?? at) }, ct);
            last = at.UtcDateTime;
            due = trigger.Schedule.Next(time.GetUtcNow());
            if (!late && following < due)
            {
                HostLog.TimerMissed(logger, Name, following.Value);
            }
        }
    }

    public void Dispose() => gate.Dispose();

    private ScheduleStatus? Status(DateTime last, DateTimeOffset next) =>
        trigger.UseMonitor ? new ScheduleStatus { Last = last, Next = next.UtcDateTime, LastUpdated = last } : null;

    private async Task WaitUntilAsync(DateTimeOffset moment, CancellationToken ct)
    {
        while (moment - time.GetUtcNow() is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait < LongestWait ? wait : LongestWait, time, ct);
        }
    }
}
