using System.Buffers;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Security.KeyVault.Keys;

/// <summary>Requests to a vault: their addresses, bodies and version, and what counts as failure.</summary>
internal sealed class KeyProtocol
{
    private readonly HttpPipeline pipeline;
    private readonly string version;

    public KeyProtocol(ClientOptions options, string version, TokenCredential credential, bool verifyResource)
    {
        ArgumentNullException.ThrowIfNull(credential);
        pipeline = HttpPipelineBuilder.Build(options, new ChallengePolicy(credential, verifyResource));
        this.version = version;
    }

    /// <summary>The address of a key, or of its newest version where none is given.</summary>
    public static Uri KeyAddress(Uri vault, string name, string version = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var key = new Uri(vault, "/keys/" + Uri.EscapeDataString(name));
        return string.IsNullOrEmpty(version) ? key : Under(key, Uri.EscapeDataString(version));
    }

    /// <summary>The address of what lies under another.</summary>
    public static Uri Under(Uri parent, string path) => new(parent.AbsoluteUri.TrimEnd('/') + "/" + path);

    /// <summary>Sends, and throws on every status that is no success.</summary>
    public async Task<Response> SendAsync(RequestMethod method, Uri address, Action<Utf8JsonWriter> body, CancellationToken ct)
    {
        using var message = pipeline.CreateMessage();
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(address);

        // The address of a next page brings its version along.
        if (!address.Query.Contains("api-version=", StringComparison.Ordinal))
        {
            request.Uri.AppendQuery("api-version", version);
        }

        request.Headers.SetValue("Accept", "application/json");
        if (body is not null)
        {
            request.Content = Content(body);
            request.Headers.SetValue("Content-Type", "application/json");
        }

        await pipeline.SendAsync(message, ct).ConfigureAwait(false);
        return message.Response is { Status: >= 200 and < 300 } response ? response : throw new RequestFailedException(message.Response);
    }

    /// <summary>Sends, and reads the key that comes back.</summary>
    public async Task<Response<KeyVaultKey>> KeyAsync(
        RequestMethod method, Uri address, CancellationToken ct, Action<Utf8JsonWriter> body = null)
    {
        var response = await SendAsync(method, address, body, ct).ConfigureAwait(false);
        using var document = JsonDocument.Parse(response.Content.ToMemory());
        return Response.FromValue(KeyJson.Key(document.RootElement), response);
    }

    private static RequestContent Content(Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }

        return RequestContent.Create(buffer.WrittenMemory);
    }
}
