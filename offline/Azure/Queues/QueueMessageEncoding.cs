namespace Azure.Storage.Queues;

/// <summary>How a message's text travels.</summary>
public enum QueueMessageEncoding
{
    /// <summary>As it is; what XML cannot hold is refused by the service.</summary>
    None = 0,

    /// <summary>As base64 of its UTF-8, which is what the Functions host's trigger reads.</summary>
    Base64 = 1,
}
