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
    private const int MaxOperations = 100;

    [Function("Purge")]
    public async Task RunAsync([TimerTrigger("0 30 3 * * *")] TimerInfo timer, CancellationToken ct)
    {
        var deleted = 0;
        var skipped = 0;
        foreach (var name in TableNames.All)
        {
            var table = services.GetRequiredKeyedService<ITable>(name);
            var batch = new List<Change>();
            await foreach (var row in table.ScanAsync(clock.GetUtcNow(), ct))
            {
                if (batch.Count == MaxOperations || (batch.Count > 0 && batch[0].Partition != row.Partition))
                {
                    await DeleteAsync(table, batch);
                }

                batch.Add(new Change.Delete(row.Partition, row.Key, row.ETag));
            }

            await DeleteAsync(table, batch);
        }

        LogDone(logger, deleted, skipped, timer.IsPastDue);

        async Task DeleteAsync(ITable table, List<Change> batch)
        {
            if (batch.Count > 0 && await table.CommitAsync(batch, ct) is Commit.Done)
            {
                deleted += batch.Count;
            }
            else
            {
                // One row changed since it was scanned; the next night will tell what of them is still expired.
                skipped += batch.Count;
            }

            batch.Clear();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Purged {Deleted} expired rows; left {Skipped} that changed meanwhile; past due: {PastDue}")]
    private static partial void LogDone(ILogger logger, int deleted, int skipped, bool pastDue);
}
