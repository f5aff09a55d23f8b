using AuthFunctions.Outbox;
using AuthFunctions.Users;

namespace AuthFunctions.Delivery;

/// <summary>Removes what is left of a deleted user. Its intent is written with the deletion, so that no crash leaves rows behind.</summary>
public sealed class ErasureDelivery(UserEraser eraser) : IDelivery
{
    /// <inheritdoc/>
    public string Kind => OutboxKinds.Erasure;

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> DeliverAsync(OutboxRow intent, string payload, CancellationToken ct)
    {
        await eraser.EraseAsync(intent.Address.Partition, emailHash: payload, ct);
        return new DeliveryOutcome.Done();
    }
}
