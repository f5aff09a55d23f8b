using AuthFunctions.Protocol;
using Azure;
using Azure.Identity;
using Azure.Storage.Queues;

namespace AuthFunctions.Storage;

/// <summary>A queue of Azure Queue Storage, or of Azurite. With Program.cs the only code that knows its client library.</summary>
/// <remarks>A queue that is missing is made by the first message.</remarks>
public sealed class AzureQueue(QueueClient client) : IQueue
{
    private const string QueueNotFound = "QueueNotFound";

    /// <inheritdoc/>
    public async Task SendAsync(string message, CancellationToken ct)
    {
        try
        {
            try
            {
                await client.SendMessageAsync(message, ct);
            }
            catch (RequestFailedException e) when (e.ErrorCode == QueueNotFound)
            {
                await client.CreateIfNotExistsAsync(cancellationToken: ct);
                await client.SendMessageAsync(message, ct);
            }
        }
        catch (Exception e) when (IsOutage(e, ct))
        {
            throw new OutageException($"queue {client.Name}", e);
        }
    }

    private static bool IsOutage(Exception e, CancellationToken ct) => e switch
    {
        RequestFailedException { Status: 0 or 408 or 409 or 429 or >= 500 } => true,
        RequestFailedException { ErrorCode: QueueNotFound } => true,
        OperationCanceledException => !ct.IsCancellationRequested,

        // The tries that failed, each for one of these reasons.
        AggregateException => true,
        IOException or HttpRequestException => true,

        // The managed identity's endpoint gave no token.
        AuthenticationFailedException => true,
        _ => false,
    };
}
