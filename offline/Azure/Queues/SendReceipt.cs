namespace Azure.Storage.Queues.Models;

/// <summary>What the service says about a message that it took.</summary>
public class SendReceipt
{
    internal SendReceipt(string messageId) => MessageId = messageId;

    /// <summary>The message.</summary>
    public string MessageId { get; }
}
