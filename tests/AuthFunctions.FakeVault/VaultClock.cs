namespace AuthFunctions.FakeVault;

/// <summary>The machine's time, and what it was moved by. Tokens go by the machine's alone.</summary>
internal sealed class VaultClock
{
    private long offset;

    public DateTimeOffset Now => DateTimeOffset.UtcNow.AddSeconds(Interlocked.Read(ref offset));

    public long UnixSeconds => Now.ToUnixTimeSeconds();

    public void Advance(long seconds) => Interlocked.Add(ref offset, seconds);
}
