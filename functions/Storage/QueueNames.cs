namespace AuthFunctions.Storage;

/// <summary>The queues of a deployment.</summary>
public static class QueueNames
{
    /// <summary>Intents that are to be delivered; what fails five times lies in <c>outbox-poison</c>.</summary>
    public const string Outbox = "outbox";
}
