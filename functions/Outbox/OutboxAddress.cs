namespace AuthFunctions.Outbox;

/// <summary>Where an intent's row is. As text it is the message that wakes the delivery: it names rows and tells nothing.</summary>
/// <param name="Table">The table.</param>
/// <param name="Partition">The partition of the change that it tells of.</param>
/// <param name="Id">The intent: 128 random bits.</param>
public sealed record OutboxAddress(string Table, string Partition, string Id)
{
    /// <summary>The address in a message, or null if the text is none. No key may hold a slash.</summary>
    public static OutboxAddress? Read(string? text) =>
        text?.Split('/') is [{ Length: > 0 } table, { Length: > 0 } partition, { Length: > 0 } id] ? new OutboxAddress(table, partition, id) : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Table}/{Partition}/{Id}";
}
