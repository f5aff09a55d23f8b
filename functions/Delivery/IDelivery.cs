using AuthFunctions.Events;
using AuthFunctions.Outbox;

namespace AuthFunctions.Delivery;

/// <summary>What became of an attempt to do what an intent asks for.</summary>
public abstract record DeliveryOutcome
{
    private DeliveryOutcome()
    {
    }

    /// <summary>It is done, or there is nothing to be done.</summary>
    /// <param name="Event">What the user's audit trail says of it, or null.</param>
    public sealed record Done(AuditEvent? Event = null) : DeliveryOutcome;

    /// <summary>Not now; another attempt may succeed.</summary>
    /// <param name="Reason">For logs and operators: no address, no link.</param>
    public sealed record Failed(string Reason) : DeliveryOutcome;

    /// <summary>Never: another attempt would end alike.</summary>
    /// <param name="Reason">For logs and operators: no address, no link.</param>
    public sealed record Rejected(string Reason) : DeliveryOutcome;
}

/// <summary>
/// Does what one kind of intents asks for. Called at least once for each: a crash between the doing and the striking off repeats it.
/// </summary>
public interface IDelivery
{
    /// <summary>One of <see cref="OutboxKinds"/>.</summary>
    string Kind { get; }

    /// <summary>Makes one attempt.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="payload">Its payload, unsealed.</param>
    /// <param name="ct">Ends the attempt.</param>
    Task<DeliveryOutcome> DeliverAsync(OutboxRow intent, string payload, CancellationToken ct);
}
