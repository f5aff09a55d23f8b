namespace AuthFunctions.Tests.Fixtures;

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock guard = new();
    private DateTimeOffset now = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

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
