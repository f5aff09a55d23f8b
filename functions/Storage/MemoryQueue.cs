using System.Collections.Concurrent;

namespace AuthFunctions.Storage;

/// <summary>A queue in memory, for tests: nothing is woken until somebody takes what is in it.</summary>
public sealed class MemoryQueue : IQueue
{
    private readonly ConcurrentQueue<string> messages = new();

    /// <inheritdoc/>
    public Task SendAsync(string message, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        messages.Enqueue(message);
        return Task.CompletedTask;
    }

    /// <summary>The oldest message, which is gone then; null if there is none.</summary>
    public string? TryTake() => messages.TryDequeue(out var message) ? message : null;
}
