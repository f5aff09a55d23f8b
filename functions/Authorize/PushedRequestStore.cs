using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Authorize;

/// <summary>What a <c>request_uri</c> carries: which request, and a secret.</summary>
public sealed record PushedRequestHandle(string RequestId, Secret Secret)
{
    /// <summary>RFC 9126 §2.2.</summary>
    public const string UriPrefix = "urn:ietf:params:oauth:request_uri:";

    private const string Prefix = UriPrefix + "par_";

    /// <summary>The <c>request_uri</c>.</summary>
    public string WriteUri() => Handle.Write(Prefix, [.. Id.Read(RequestId), .. Secret.Bytes]);

    /// <summary>The handle, or null if the text is none.</summary>
    public static PushedRequestHandle? ReadUri(string? text) =>
        Handle.TryRead(Prefix, text, out var bytes) && bytes.Length == Id.Size + Secret.Size
            ? new PushedRequestHandle(Id.Write(bytes.AsSpan(0, Id.Size)), Secret.From(bytes.AsSpan()[Id.Size..]))
            : null;
}

/// <summary>Table <c>PushedRequests</c>: PartitionKey = request id, RowKey = <c>request</c>. Each is used once (RFC 9126 §7.3).</summary>
public sealed class PushedRequestStore([FromKeyedServices(TableNames.PushedRequests)] ITable requests, TimeProvider clock)
{
    /// <summary>How long a request waits to be used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private const string RowKey = "request";

    /// <summary>Keeps a sealed request and says how to ask for it.</summary>
    public async Task<PushedRequestHandle> AddAsync(string site, string clientId, string sealedRequest, CancellationToken ct)
    {
        var handle = new PushedRequestHandle(Id.New(), Secret.New());
        var row = new Row(handle.RequestId, RowKey, Columns.Of(
            ("Site", site), ("ClientId", clientId), ("SecretHash", handle.Secret.Hash()), ("Request", sealedRequest),
            (Row.ExpiresAt, clock.GetUtcNow() + Lifetime)));
        return await requests.CommitAsync([new Change.Add(row)], ct) is Commit.Done ? handle : throw new OutageException("table PushedRequests");
    }

    /// <summary>
    /// The sealed request, which is used up by this; null if there is none, it was used, or it expired. One of another client or site stays
    /// unused.
    /// </summary>
    public async Task<string?> TakeAsync(PushedRequestHandle handle, string site, string clientId, CancellationToken ct)
    {
        if (await requests.FindAsync(handle.RequestId, RowKey, ct) is not { } row || !handle.Secret.Matches(row.OptionalBytes("SecretHash"))
            || row.Text("Site") != site || row.Text("ClientId") != clientId || row.Time(Row.ExpiresAt) <= clock.GetUtcNow() || row.Flag("Used"))
        {
            return null;
        }

        // Marked, not deleted: of two requests one must lose, and a row that is gone cannot tell who deleted it.
        var used = new Row(row.Partition, row.Key, new Dictionary<string, object>(row.Columns, StringComparer.Ordinal) { ["Used"] = true }, row.ETag);
        return await requests.CommitAsync([new Change.Replace(used)], ct) is Commit.Done ? row.Text("Request") : null;
    }
}
