using System.Text;
using System.Xml.Linq;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Queues.Models;

namespace Azure.Storage.Queues;

/// <summary>One queue, which need not exist yet.</summary>
public class QueueClient
{
    private const string StorageScope = "https://storage.azure.com/.default";

    private static readonly QueueErrorParser Errors = new();

    private readonly HttpPipeline pipeline;
    private readonly Uri queue;
    private readonly QueueClientOptions options;

    /// <summary>For tests that derive from the client.</summary>
    protected QueueClient()
    {
    }

    /// <summary>Signs with the shared key of a connection string; <c>UseDevelopmentStorage=true</c> means Azurite on its usual port.</summary>
    public QueueClient(string connectionString, string queueName)
        : this(connectionString, queueName, null)
    {
    }

    /// <summary>The same, with options.</summary>
    public QueueClient(string connectionString, string queueName, QueueClientOptions options)
    {
        var account = StorageAccount.Parse(connectionString, "Queue");
        Name = queueName;
        queue = new Uri($"{account.Endpoint.AbsoluteUri.TrimEnd('/')}/{queueName}");
        this.options = options ?? new QueueClientOptions();
        pipeline = Build(new QueueSharedKeyLitePolicy(account.Name, account.Key));
    }

    /// <summary>Sends a bearer token of the credential. <paramref name="queueUri"/> is the queue's own, and must be https.</summary>
    public QueueClient(Uri queueUri, TokenCredential credential, QueueClientOptions options = null)
    {
        ArgumentNullException.ThrowIfNull(queueUri);
        queue = queueUri;
        Name = queueUri.Segments[^1].Trim('/');
        this.options = options ?? new QueueClientOptions();
        pipeline = Build(new BearerTokenAuthenticationPolicy(credential, StorageScope));
    }

    /// <summary>The queue's name.</summary>
    public virtual string Name { get; }

    /// <summary>Makes the queue. Null if it was there.</summary>
    public virtual async Task<Response> CreateIfNotExistsAsync(
        IDictionary<string, string> metadata = null, CancellationToken cancellationToken = default)
    {
        if (metadata is { Count: > 0 })
        {
            throw new NotSupportedException("No queue here has metadata.");
        }

        using var message = Request(RequestMethod.Put, "");
        await pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        return message.Response.Status switch
        {
            // 204: there is one with the same metadata; 409: with other metadata.
            204 or 409 => null,
            >= 200 and < 300 => message.Response,
            _ => throw new RequestFailedException(message.Response, null, Errors),
        };
    }

    /// <summary>Puts a message into the queue, visible at once and kept for seven days.</summary>
    public virtual async Task<Response<SendReceipt>> SendMessageAsync(string messageText, CancellationToken cancellationToken = default)
    {
        var text = options.MessageEncoding == QueueMessageEncoding.Base64
            ? Convert.ToBase64String(Encoding.UTF8.GetBytes(messageText))
            : messageText;
        using var message = Request(RequestMethod.Post, "/messages");
        message.Request.Content = RequestContent.Create(Encoding.UTF8.GetBytes(
            new XElement("QueueMessage", new XElement("MessageText", text)).ToString(SaveOptions.DisableFormatting)));
        message.Request.Headers.SetValue("Content-Type", "application/xml");
        await pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        var response = message.Response;
        if (response.Status is not (>= 200 and < 300))
        {
            throw new RequestFailedException(response, null, Errors);
        }

        var taken = XDocument.Load(response.Content.ToStream()).Root.Element("QueueMessage");
        return Response.FromValue(new SendReceipt(taken?.Element("MessageId")?.Value), response);
    }

    private HttpPipeline Build(HttpPipelinePolicy authentication) =>
        HttpPipelineBuilder.Build(options, [], [authentication], new ResponseClassifier());

    private HttpMessage Request(RequestMethod method, string path)
    {
        var message = pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri(queue.AbsoluteUri + path));
        message.Request.Headers.SetValue("x-ms-version", options.VersionHeader);
        message.Request.Headers.SetValue("Accept", "application/xml");
        return message;
    }
}
