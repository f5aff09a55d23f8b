using System.Buffers;
using System.Text;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>Writes the body of a <c>$batch</c>: one change set, each of its parts a whole HTTP request.</summary>
internal sealed class TransactionRequest(TableProtocol protocol, string table)
{
    private readonly string batch = $"batch_{Guid.NewGuid()}";
    private readonly string changeSet = $"changeset_{Guid.NewGuid()}";
    private readonly ArrayBufferWriter<byte> body = new();

    public string ContentType => $"multipart/mixed; boundary={batch}";

    public RequestContent Write(IEnumerable<TableTransactionAction> actions)
    {
        Text($"--{batch}\r\nContent-Type: multipart/mixed; boundary={changeSet}\r\n\r\n");
        foreach (var action in actions)
        {
            Text($"--{changeSet}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            Write(action);
        }

        Text($"--{changeSet}--\r\n--{batch}--\r\n");
        return RequestContent.Create(body.WrittenMemory);
    }

    private void Write(TableTransactionAction action)
    {
        var entity = action.Entity;
        switch (action.ActionType)
        {
            case TableTransactionActionType.Add:
                Head("POST", table, default);
                Body(entity);
                break;
            case TableTransactionActionType.UpdateReplace:
                Head("PUT", TableClient.EntityPath(table, entity.PartitionKey, entity.RowKey), action.ETag);
                Body(entity);
                break;
            case TableTransactionActionType.Delete:
                var etag = action.ETag == default ? ETag.All : action.ETag;
                Head("DELETE", TableClient.EntityPath(table, entity.PartitionKey, entity.RowKey), etag);
                Text("\r\n");
                break;
            default:
                throw new NotSupportedException($"There is no action {action.ActionType}.");
        }
    }

    private void Head(string method, string path, ETag etag)
    {
        Text($"{method} {protocol.Address(path)} HTTP/1.1\r\nAccept: {TableProtocol.Json}\r\nDataServiceVersion: 3.0\r\n");
        if (etag != default)
        {
            Text($"If-Match: {etag:H}\r\n");
        }
    }

    private void Body(ITableEntity entity)
    {
        Text("Prefer: return-no-content\r\nContent-Type: application/json\r\n\r\n");
        using (var json = new Utf8JsonWriter(body))
        {
            EntityJson.Write(json, entity);
        }

        Text("\r\n");
    }

    private void Text(string text) => Encoding.UTF8.GetBytes(text, body);
}
