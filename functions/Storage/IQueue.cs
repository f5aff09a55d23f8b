using AuthFunctions.Protocol;

namespace AuthFunctions.Storage;

/// <summary>A queue that wakes a function. Messages come at least once, in any order, and may be lost by whoever should have sent them.</summary>
public interface IQueue
{
    /// <summary>Puts a message into the queue.</summary>
    /// <exception cref="OutageException">The queue cannot be reached.</exception>
    Task SendAsync(string message, CancellationToken ct);
}
