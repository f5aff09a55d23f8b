using System.Globalization;
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>One table.</summary>
public class TableClient
{
    private readonly TableProtocol protocol;

    /// <summary>For tests that derive from the client.</summary>
    protected TableClient()
    {
    }

    internal TableClient(string name, TableProtocol protocol)
    {
        Name = name;
        this.protocol = protocol;
    }

    /// <summary>The table's name.</summary>
    public virtual string Name { get; }

    /// <summary>A filter with its values escaped and written as literals of their types.</summary>
    public static string CreateQueryFilter(FormattableString filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return string.Format(CultureInfo.InvariantCulture, filter.Format, [.. filter.GetArguments().Select(Literal)]);
    }

    /// <summary>Makes the table unless it is there.</summary>
    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
    {
        using var message = protocol.Request(RequestMethod.Post, "Tables", json =>
        {
            json.WriteStartObject();
            json.WriteString("TableName", Name);
            json.WriteEndObject();
        });
        var response = await protocol.SendAsync(message, cancellationToken, tolerated: 409).ConfigureAwait(false);
        if (response.Status == 409 && TableProtocol.Failure(response) is var refusal && refusal.ErrorCode != "TableAlreadyExists")
        {
            throw refusal;
        }

        return Response.FromValue(new TableItem(Name), response);
    }

    /// <summary>Inserts. Throws 409 <c>EntityAlreadyExists</c> where it exists.</summary>
    public virtual async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        using var message = protocol.Request(RequestMethod.Post, Name, json => EntityJson.Write(json, entity));
        return await protocol.SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The entity, without a value on every 404: that of a missing table too.</summary>
    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var path = EntityPath(Name, partitionKey, rowKey);
        using var message = protocol.Request(RequestMethod.Get, select is null ? path : $"{path}?{Select(select)}");
        var response = await protocol.SendAsync(message, cancellationToken, tolerated: 404).ConfigureAwait(false);
        if (response.Status == 404)
        {
            return new NoEntity<T>(response);
        }

        using var document = JsonDocument.Parse(response.Content.ToMemory());
        return Response.FromValue(EntityJson.Read<T>(document.RootElement), response);
    }

    /// <summary>Updates on a version. Throws 412 on another version, 404 without the entity.</summary>
    public virtual async Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        if (ifMatch == default)
        {
            throw new ArgumentException("An update needs the version it is made on.", nameof(ifMatch));
        }

        using var message = protocol.Request(
            mode == TableUpdateMode.Replace ? RequestMethod.Put : RequestMethod.Patch,
            EntityPath(Name, entity.PartitionKey, entity.RowKey),
            json => EntityJson.Write(json, entity));
        message.Request.Headers.SetValue("If-Match", ifMatch.ToString("H"));
        return await protocol.SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes on a version, by default on any. Throws 412 on another version; a 404 is returned, not thrown.</summary>
    public virtual async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        using var message = protocol.Request(RequestMethod.Delete, EntityPath(Name, partitionKey, rowKey));
        message.Request.Headers.SetValue("If-Match", (ifMatch == default ? ETag.All : ifMatch).ToString("H"));
        return await protocol.SendAsync(message, cancellationToken, tolerated: 404).ConfigureAwait(false);
    }

    /// <summary>The entities a filter lets through, in the order of their keys.</summary>
    public virtual AsyncPageable<T> QueryAsync<T>(
        string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        string[] terms = [.. Terms()];
        return new EntityPages<T>(protocol, $"{Name}()?{string.Join('&', terms)}", maxPerPage, cancellationToken);

        IEnumerable<string> Terms()
        {
            yield return "$format=" + Uri.EscapeDataString(TableProtocol.Json);
            if (!string.IsNullOrEmpty(filter))
            {
                yield return "$filter=" + Uri.EscapeDataString(filter);
            }

            if (select is not null)
            {
                yield return Select(select);
            }
        }
    }

    /// <summary>Makes all changes or none, in one partition. Throws <see cref="TableTransactionFailedException"/> where one is refused.</summary>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        var batch = new TransactionRequest(protocol, Name);
        using var message = protocol.Request(RequestMethod.Post, "$batch");
        message.Request.Content = batch.Write(transactionActions);
        message.Request.Headers.SetValue("Content-Type", batch.ContentType);
        var response = await protocol.SendAsync(message, cancellationToken).ConfigureAwait(false);
        var answers = TransactionResponse.Parse(response);
        return answers.Find(a => a.Status >= 400) is { } refused
            ? throw new TableTransactionFailedException(TableProtocol.Failure(refused))
            : Response.FromValue<IReadOnlyList<Response>>(answers, response);
    }

    internal static string EntityPath(string table, string partitionKey, string rowKey)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        return $"{table}(PartitionKey='{Escape(partitionKey)}',RowKey='{Escape(rowKey)}')";
    }

    private static string Escape(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));

    private static string Select(IEnumerable<string> names) => "$select=" + Uri.EscapeDataString(string.Join(',', names));

    private static string Literal(object value) => value switch
    {
        string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        DateTimeOffset date => $"datetime'{date.UtcDateTime.ToString(EntityJson.DateFormat, CultureInfo.InvariantCulture)}'",
        _ => throw new NotSupportedException($"A filter cannot compare with a {value?.GetType().Name ?? "null"} here."),
    };

    private sealed class NoEntity<T>(Response response) : NullableResponse<T>
    {
        public override bool HasValue => false;

        public override T Value => throw new InvalidOperationException("The entity does not exist.");

        public override Response GetRawResponse() => response;
    }
}
