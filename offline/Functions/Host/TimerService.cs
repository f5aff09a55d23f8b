using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Offline.Functions;

/// <summary>The app's timer functions.</summary>
/// <remarks>
/// They follow the machine's clock, not one among the app's services: a host stands outside of its app. What the app setting
/// <c>AzureWebJobs.{name}.Disabled</c> switches off follows none, and runs by hand all the same.
/// </remarks>
internal sealed class TimerService(
    FunctionSet functions,
    FunctionExecutionDelegate pipeline,
    IServiceScopeFactory scopes,
    ILoggerFactory loggers,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime) : BackgroundService
{
    private readonly IReadOnlyList<TimerJob> jobs =
    [
        .. from function in functions.Functions
           let trigger = function.Trigger as Trigger.Timer
           where trigger is not null
           select new TimerJob(
               function, trigger, pipeline, scopes, loggers.CreateLogger($"Function.{function.Name}"), TimeProvider.System),
    ];

    /// <summary>Runs a timer function by hand, to its end. False if there is none of this name.</summary>
    /// <remarks>The real host answers before the run ends. Whoever asks here wants to look at what it did.</remarks>
    public async Task<bool> TryRunAsync(string name)
    {
        if (jobs.FirstOrDefault(job => string.Equals(job.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } job)
        {
            return false;
        }

        await job.RunAsync(new TimerInfo(), lifetime.ApplicationStopping);
        return true;
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var job in jobs)
        {
            job.Dispose();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(jobs.Where(IsEnabled).Select(job => job.FollowScheduleAsync(stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that is disposed without having been stopped would take this for a failure.
        }
    }

    private bool IsEnabled(TimerJob job) =>
        !string.Equals(configuration[$"AzureWebJobs.{job.Name}.Disabled"], "true", StringComparison.OrdinalIgnoreCase);
}
