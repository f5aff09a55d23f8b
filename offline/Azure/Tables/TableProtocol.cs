using System.Buffers;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>Requests to one account's table service: the headers they all bear and what counts as failure.</summary>
internal sealed class TableProtocol
{
    // Minimal metadata is the least that still tells a column's type and a row's ETag.
    public const string Json = "application/json;odata=minimalmetadata";

    private static readonly TableErrorParser Errors = new();

    private readonly HttpPipeline pipeline;
    private readonly string root;
    private readonly string version;

    public TableProtocol(Uri endpoint, HttpPipelinePolicy authentication, TableClientOptions options)
    {
        options ??= new TableClientOptions();
        pipeline = HttpPipelineBuilder.Build(options, [], [authentication], new ResponseClassifier());
        root = endpoint.AbsoluteUri.TrimEnd('/') + "/";
        version = options.VersionHeader;
    }

    public string Address(string path) => root + path;

    public HttpMessage Request(RequestMethod method, string path)
    {
        var message = pipeline.CreateMessage();
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(new Uri(Address(path)));
        request.Headers.SetValue("x-ms-version", version);
        request.Headers.SetValue("DataServiceVersion", "3.0");
        request.Headers.SetValue("Accept", Json);
        return message;
    }

    public HttpMessage Request(RequestMethod method, string path, Action<Utf8JsonWriter> body)
    {
        var message = Request(method, path);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            body(json);
        }

        message.Request.Content = RequestContent.Create(buffer.WrittenMemory);
        message.Request.Headers.SetValue("Content-Type", "application/json");
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        return message;
    }

    /// <summary>Sends, and throws on every status that is neither a success nor <paramref name="tolerated"/>.</summary>
    public async Task<Response> SendAsync(HttpMessage message, CancellationToken ct, int tolerated = 0)
    {
        await pipeline.SendAsync(message, ct).ConfigureAwait(false);
        var response = message.Response;
        return response.Status is >= 200 and < 300 || response.Status == tolerated ? response : throw Failure(response);
    }

    public static RequestFailedException Failure(Response response) => new(response, null, Errors);
}
