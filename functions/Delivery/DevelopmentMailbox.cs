using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace AuthFunctions.Delivery;

/// <summary>Where mails go on a developer's machine: nowhere but <c>/dev/outbox</c>. Keeps the last hundred until the service ends.</summary>
public sealed class DevelopmentMailbox : IMailSender
{
    private const int Capacity = 100;

    private readonly ConcurrentQueue<OutgoingMail> mails = new();

    public DevelopmentMailbox(IHostEnvironment environment)
    {
        if (!environment.IsDevelopment())
        {
            throw new InvalidOperationException("Mails are shown to whoever asks in Development only.");
        }
    }

    /// <summary>The mails, oldest first.</summary>
    public IReadOnlyList<OutgoingMail> Mails => [.. mails];

    /// <inheritdoc/>
    public Task<DeliveryOutcome> SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        mails.Enqueue(mail);
        if (mails.Count > Capacity)
        {
            mails.TryDequeue(out _);
        }

        return Task.FromResult<DeliveryOutcome>(new DeliveryOutcome.Done());
    }
}
