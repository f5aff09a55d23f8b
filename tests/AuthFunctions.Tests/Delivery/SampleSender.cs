using System.Collections.Concurrent;
using AuthFunctions.Delivery;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;

namespace AuthFunctions.Tests.Delivery;

/// <summary>Takes mails as a test says.</summary>
internal sealed class SampleSender : IMailSender
{
    private readonly ConcurrentQueue<string> ids = new();

    public required DeliveryOutcome Outcome { get; set; }

    /// <summary>What it dies of, once it has taken a mail.</summary>
    public Exception? Throws { get; set; }

    public int Attempts => ids.Count;

    /// <summary>The Message-ID of each attempt.</summary>
    public IReadOnlyCollection<string> Ids => ids;

    public Task<DeliveryOutcome> SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        ids.Enqueue(mail.Id);
        return Throws is null ? Task.FromResult(Outcome) : throw Throws;
    }
}

/// <summary>A queue that cannot be reached.</summary>
internal sealed class BrokenOutbox : IQueue
{
    public Task SendAsync(string message, CancellationToken ct) => throw new OutageException("queue outbox");
}
