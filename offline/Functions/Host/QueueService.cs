using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Offline.Functions;

/// <summary>The app's queue functions.</summary>
internal sealed class QueueService(
    FunctionSet functions,
    FunctionExecutionDelegate pipeline,
    IServiceScopeFactory scopes,
    ILoggerFactory loggers,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime) : BackgroundService
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    private readonly IReadOnlyList<(QueueJob Job, Trigger.Queue Trigger, ILogger Logger)> jobs =
    [
        .. from function in functions.Functions
           let trigger = function.Trigger as Trigger.Queue
           where trigger is not null
           let logger = loggers.CreateLogger($"Function.{function.Name}")
           select (new QueueJob(function, pipeline, scopes, logger), trigger, logger),
    ];

    /// <summary>Runs a queue function by hand for one message, to its end. False if there is none of this name.</summary>
    public async Task<bool> TryRunAsync(string name, string message)
    {
        if (jobs.Select(j => j.Job).FirstOrDefault(job => string.Equals(job.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } job)
        {
            return false;
        }

        await job.RunAsync(message, lifetime.ApplicationStopping);
        return true;
    }

    public override void Dispose()
    {
        base.Dispose();
        http.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(jobs.Select(j => PollAsync(j.Job, j.Trigger, j.Logger, stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that is disposed without having been stopped would take this for a failure.
        }
    }

    private Task PollAsync(QueueJob job, Trigger.Queue trigger, ILogger logger, CancellationToken ct)
    {
        if (QueueAccount.Read(configuration[trigger.Connection]) is { } account)
        {
            return job.PollAsync(new QueueReader(account, trigger.Name, http), ct);
        }

        HostLog.QueueUnknown(logger, job.Name, trigger.Connection);
        return Task.CompletedTask;
    }
}
