namespace AuthFunctions.Tests.Fixtures;

/// <summary>A clock that stands still until it is moved; in 2030 unless told otherwise, so that nothing passes by the machine's.</summary>
internal sealed class ManualClock(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock guard = new();
    private DateTimeOffset now = start ?? new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        lock (guard)
        {
            return now;
        }
    }

    public void Advance(TimeSpan by)
    {
        lock (guard)
        {
            now += by;
        }
    }
}
