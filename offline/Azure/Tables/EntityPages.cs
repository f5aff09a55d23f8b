using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>The answers to one query, page after page. A page may be empty although more follow.</summary>
internal sealed class EntityPages<T>(TableProtocol protocol, string path, int? maxPerPage, CancellationToken ct) : AsyncPageable<T>(ct)
    where T : class, ITableEntity
{
    private const string PartitionHeader = "x-ms-continuation-NextPartitionKey";
    private const string RowHeader = "x-ms-continuation-NextRowKey";

    public override async IAsyncEnumerable<Page<T>> AsPages(string continuationToken = null, int? pageSizeHint = null)
    {
        var top = pageSizeHint ?? maxPerPage;
        var first = top is null ? path : FormattableString.Invariant($"{path}&$top={top}");
        do
        {
            using var message = protocol.Request(RequestMethod.Get, first + continuationToken);
            var response = await protocol.SendAsync(message, CancellationToken).ConfigureAwait(false);
            continuationToken = Continuation(response.Headers);
            yield return Page<T>.FromValues(Entities(response), continuationToken, response);
        }
        while (continuationToken is not null);
    }

    private static List<T> Entities(Response response)
    {
        using var document = JsonDocument.Parse(response.Content.ToMemory());
        return [.. document.RootElement.GetProperty("value").EnumerateArray().Select(EntityJson.Read<T>)];
    }

    // The service's marks travel as the query parameters that the next request sends back.
    private static string Continuation(ResponseHeaders headers)
    {
        var partition = headers.TryGetValue(PartitionHeader, out var p) ? $"&NextPartitionKey={Uri.EscapeDataString(p)}" : null;
        var row = headers.TryGetValue(RowHeader, out var r) ? $"&NextRowKey={Uri.EscapeDataString(r)}" : null;
        return partition is null && row is null ? null : partition + row;
    }
}
