using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Identity;
using AuthFunctions.Protocol;

namespace AuthFunctions.Storage;

/// <summary>A table of Azure Table Storage, or of Azurite. With Program.cs the only code that knows its client library.</summary>
/// <remarks>
/// The library tries again by itself, so a write that landed can come back as a conflict: <see cref="ConfirmingTable"/> tells
/// the two apart. A table that is missing reads as empty and is made by the first write.
/// </remarks>
public sealed class AzureTable(TableClient client) : ITable
{
    private const string TableNotFound = "TableNotFound";
    private const string EntityAlreadyExists = "EntityAlreadyExists";

    /// <inheritdoc/>
    public async Task<Row?> FindAsync(string partition, string key, CancellationToken ct)
    {
        try
        {
            var found = await client.GetEntityIfExistsAsync<TableEntity>(partition, key, cancellationToken: ct);
            return found.HasValue ? ToRow(found.Value!) : null;
        }
        catch (Exception e) when (IsOutage(e, ct))
        {
            throw Outage(e);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Row> RangeAsync(string partition, string from, string before, CancellationToken ct) =>
        QueryAsync(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {before}"), ct);

    /// <inheritdoc/>
    public IAsyncEnumerable<Row> ScanAsync(DateTimeOffset expiredBefore, CancellationToken ct) =>
        // No PartitionKey: the purge looks through all of them. A row without the column never matches.
        QueryAsync(TableClient.CreateQueryFilter($"ExpiresAt lt {expiredBefore}"), ct);

    /// <inheritdoc/>
    public async Task<Commit> CommitAsync(IReadOnlyList<Change> changes, CancellationToken ct)
    {
        TableLimits.CheckPreconditions(changes);
        try
        {
            try
            {
                return await SendAsync(changes, ct);
            }
            catch (RequestFailedException e) when (e.ErrorCode == TableNotFound)
            {
                await client.CreateIfNotExistsAsync(ct);
                return await SendAsync(changes, ct);
            }
        }
        catch (Exception e) when (IsOutage(e, ct))
        {
            throw Outage(e);
        }
    }

    private async Task<Commit> SendAsync(IReadOnlyList<Change> changes, CancellationToken ct)
    {
        try
        {
            return changes.Count == 1 ? await SendOneAsync(changes[0], ct) : await SendAllAsync(changes, ct);
        }
        catch (RequestFailedException e) when (IsConflict(e))
        {
            return new Commit.Conflict((e as TableTransactionFailedException)?.FailedTransactionActionIndex ?? 0);
        }
    }

    // A single change costs less as a plain call than as a transaction of one.
    private async Task<Commit> SendOneAsync(Change change, CancellationToken ct)
    {
        switch (change)
        {
            case Change.Add add:
                var added = await client.AddEntityAsync(ToEntity(add.Row), ct);
                return new Commit.Done([ETagOf(added)]);

            case Change.Replace replace:
                var replaced = await client.UpdateEntityAsync(
                    ToEntity(replace.Row), replace.Row.ETag, TableUpdateMode.Replace, ct);
                return new Commit.Done([ETagOf(replaced)]);

            case Change.Delete delete:
                // The library returns the 404 of a row that is gone rather than throw it.
                var deleted = await client.DeleteEntityAsync(delete.Partition, delete.Key, delete.ETag, ct);
                return deleted.Status == 404 ? new Commit.Conflict(0) : new Commit.Done([default]);

            default:
                throw new ArgumentException($"There is no change {change.GetType().Name}.", nameof(change));
        }
    }

    private async Task<Commit> SendAllAsync(IReadOnlyList<Change> changes, CancellationToken ct)
    {
        var answers = await client.SubmitTransactionAsync(changes.Select(ToAction), ct);
        var etags = new ETag[changes.Count];
        for (var i = 0; i < etags.Length; i++)
        {
            etags[i] = changes[i] is Change.Delete ? default : ETagOf(answers.Value[i]);
        }

        return new Commit.Done(etags);
    }

    private async IAsyncEnumerable<Row> QueryAsync(string filter, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var entities = client.QueryAsync<TableEntity>(filter, cancellationToken: ct).GetAsyncEnumerator(ct);
        while (await MoveNextAsync(entities, ct))
        {
            yield return ToRow(entities.Current);
        }
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<TableEntity> entities, CancellationToken ct)
    {
        try
        {
            return await entities.MoveNextAsync();
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableNotFound)
        {
            return false;
        }
        catch (Exception e) when (IsOutage(e, ct))
        {
            throw Outage(e);
        }
    }

    private static TableTransactionAction ToAction(Change change) => change switch
    {
        Change.Add add => new(TableTransactionActionType.Add, ToEntity(add.Row)),
        Change.Replace replace => new(TableTransactionActionType.UpdateReplace, ToEntity(replace.Row), replace.Row.ETag),
        Change.Delete delete => new(
            TableTransactionActionType.Delete, new TableEntity(delete.Partition, delete.Key), delete.ETag),
        _ => throw new ArgumentException($"There is no change {change.GetType().Name}.", nameof(change)),
    };

    private static TableEntity ToEntity(Row row)
    {
        var entity = new TableEntity(row.Partition, row.Key);
        foreach (var (name, value) in row.Columns)
        {
            entity[name] = value;
        }

        return entity;
    }

    private static Row ToRow(TableEntity entity)
    {
        var columns = new Dictionary<string, object>(entity.Count, StringComparer.Ordinal);
        foreach (var (name, value) in entity)
        {
            // The library keeps the keys and annotations such as odata.etag among the columns.
            if (name is not ("PartitionKey" or "RowKey" or "Timestamp") && !name.StartsWith("odata.", StringComparison.Ordinal))
            {
                columns[name] = value;
            }
        }

        return new Row(entity.PartitionKey, entity.RowKey, columns, entity.ETag);
    }

    private static ETag ETagOf(Response response) => response.Headers.ETag ?? default;

    private static bool IsConflict(RequestFailedException e) => e.Status switch
    {
        412 => true,
        409 => e.ErrorCode == EntityAlreadyExists,
        404 => e.ErrorCode != TableNotFound,
        _ => false,
    };

    // A table that was just deleted answers 409 TableBeingDeleted, or is not found again after it was made.
    private static bool IsOutage(Exception e, CancellationToken ct) => e switch
    {
        RequestFailedException { Status: 0 or 408 or 409 or 429 or >= 500 } => true,
        RequestFailedException { ErrorCode: TableNotFound } => true,
        OperationCanceledException => !ct.IsCancellationRequested,
        // The tries that failed, each for one of these reasons.
        AggregateException => true,
        IOException or HttpRequestException => true,
        // The managed identity's endpoint gave no token.
        AuthenticationFailedException => true,
        _ => false,
    };

    private OutageException Outage(Exception e) => new($"table {client.Name}", e);
}
