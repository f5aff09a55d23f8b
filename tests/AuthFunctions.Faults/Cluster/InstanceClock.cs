namespace AuthFunctions.Faults.Cluster;

/// <summary>An instance's clock: the machine's, so much ahead or behind. It can be moved while the instance runs.</summary>
internal sealed class InstanceClock : TimeProvider
{
    private long offsetTicks;

    /// <summary>How far it is ahead.</summary>
    public TimeSpan Offset
    {
        get => new(Interlocked.Read(ref offsetTicks));
        set => Interlocked.Exchange(ref offsetTicks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
}
