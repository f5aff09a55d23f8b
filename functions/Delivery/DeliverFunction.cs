using AuthFunctions.Outbox;
using AuthFunctions.Storage;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Delivery;

/// <summary>
/// Woken by a message for each intent; makes an attempt at it. What throws five times lies in <c>outbox-poison</c>, and the timer goes on.
/// </summary>
public sealed class DeliverFunction(Deliverer deliverer)
{
    [Function("Deliver")]
    public Task RunAsync([QueueTrigger(QueueNames.Outbox)] string message, CancellationToken ct) =>
        OutboxAddress.Read(message) is { } address ? deliverer.DeliverAsync(address, ct) : Task.CompletedTask;
}
