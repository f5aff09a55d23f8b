using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Offline.Functions;

/// <summary>One queue function: run for each message, five times at most.</summary>
internal sealed class QueueJob(
    LoadedFunction function, FunctionExecutionDelegate pipeline, IServiceScopeFactory scopes, ILogger logger)
{
    private const int MaxDequeueCount = 5;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WaitAfterFault = TimeSpan.FromSeconds(5);

    public string Name => function.Name;

    /// <summary>Runs the function for one message. False if it failed.</summary>
    public async Task<bool> RunAsync(string message, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await pipeline(new LocalFunctionContext(function, scope.ServiceProvider, ct) { Message = message });
            return true;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            HostLog.FunctionFailed(logger, fault, Name);
            return false;
        }
    }

    /// <summary>Polls, at first often and then less, until the host stops.</summary>
    public async Task PollAsync(QueueReader queue, CancellationToken ct)
    {
        var (wait, reachable) = (ShortestWait, true);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var items = await queue.TakeAsync(ct);
                await Task.WhenAll(items.Select(item => HandleAsync(queue, item, ct)));
                wait = items.Count > 0 ? ShortestWait : Shorter(2 * wait, LongestWait);
                reachable = true;
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                // Said once, not at each try: storage may come later than the host.
                if (reachable)
                {
                    HostLog.QueueFailed(logger, fault, Name);
                }

                (wait, reachable) = (WaitAfterFault, false);
            }

            await Task.Delay(wait, ct);
        }
    }

    private async Task HandleAsync(QueueReader queue, QueueItem item, CancellationToken ct)
    {
        if (await RunAsync(item.Text, ct))
        {
            await queue.DeleteAsync(item, ct);
        }
        else if (item.DequeueCount >= MaxDequeueCount)
        {
            HostLog.MessagePoisoned(logger, Name, item.Id);
            await queue.PoisonAsync(item, ct);
        }
        else
        {
            await queue.LetGoAsync(item, ct);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
