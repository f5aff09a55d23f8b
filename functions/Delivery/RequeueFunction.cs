using AuthFunctions.Outbox;
using AuthFunctions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Delivery;

/// <summary>
/// Every five minutes: wakes the delivery of intents that have waited for one: their message got lost, their attempt failed, or whoever was
/// at it died. No more often, since each run wakes an app that has scaled to zero.
/// </summary>
public sealed partial class RequeueFunction(OutboxIndexStore index, IQueue queue, TimeProvider clock, ILogger<RequeueFunction> logger)
{
    /// <summary>Younger ones have a message of their own under way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Function("Requeue")]
    public async Task RunAsync([TimerTrigger("0 */5 * * * *")] TimerInfo timer, CancellationToken ct)
    {
        var queued = 0;
        await foreach (var intent in index.PendingAsync(ct))
        {
            if (intent.CreatedAt + Patience <= clock.GetUtcNow())
            {
                await queue.SendAsync(intent.Address.ToString(), ct);
                queued++;
            }
        }

        LogQueued(logger, queued, timer.IsPastDue);
    }

    [LoggerMessage(1, LogLevel.Information, "Woke {Queued} intents that were left over; past due: {PastDue}")]
    private static partial void LogQueued(ILogger logger, int queued, bool pastDue);
}
