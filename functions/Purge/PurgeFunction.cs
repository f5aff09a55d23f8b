using System.Runtime.CompilerServices;
using AuthFunctions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Purge;

/// <summary>
/// Nightly: deletes the rows that have expired. Housekeeping only: every read checks the expiry itself. The one place that scans, because a
/// table has no index on its columns.
/// </summary>
public sealed partial class PurgeFunction(IServiceProvider services, TimeProvider clock, ILogger<PurgeFunction> logger)
{
    /// <summary>How many transactions are under way at once: people are many and their rows few.</summary>
    public const int AtOnce = 16;

    private const int MaxOperations = 100;

    [Function("Purge")]
    public async Task RunAsync([TimerTrigger("0 30 3 * * *")] TimerInfo timer, CancellationToken ct)
    {
        var deleted = 0;
        var skipped = 0;
        foreach (var name in TableNames.All)
        {
            var table = services.GetRequiredKeyedService<ITable>(name);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };
            await Parallel.ForEachAsync(BatchesAsync(table.ScanAsync(clock.GetUtcNow(), ct), ct), parallel, async (batch, within) =>
            {
                // One row that changed since it was scanned keeps its batch; the next night will tell what of it is still expired.
                var done = await table.CommitAsync(batch, within) is Commit.Done;
                Interlocked.Add(ref done ? ref deleted : ref skipped, batch.Count);
            });
        }

        LogDone(logger, deleted, skipped, timer.IsPastDue);
    }

    /// <summary>What one transaction each can delete: neighbours of one partition.</summary>
    private static async IAsyncEnumerable<List<Change>> BatchesAsync(IAsyncEnumerable<Row> expired, [EnumeratorCancellation] CancellationToken ct)
    {
        var batch = new List<Change>();
        await foreach (var row in expired.WithCancellation(ct))
        {
            if (batch.Count == MaxOperations || (batch.Count > 0 && batch[0].Partition != row.Partition))
            {
                yield return batch;
                batch = [];
            }

            batch.Add(new Change.Delete(row.Partition, row.Key, row.ETag));
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Purged {Deleted} expired rows; left {Skipped} that changed meanwhile; past due: {PastDue}")]
    private static partial void LogDone(ILogger logger, int deleted, int skipped, bool pastDue);
}
