namespace AuthFunctions.FakeVault;

/// <summary>
/// How often each operation was asked for with a good token, whatever the answer; besides those, <c>challenge</c> counts requests that
/// were refused for want of one, and <c>token</c> the tokens given out.
/// </summary>
internal sealed class CallCounts
{
    public const string Challenge = "challenge";
    public const string Token = "token";

    private readonly Lock guard = new();
    private readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);

    public void Add(string operation)
    {
        lock (guard)
        {
            counts[operation] = counts.GetValueOrDefault(operation) + 1;
        }
    }

    public void Clear()
    {
        lock (guard)
        {
            counts.Clear();
        }
    }

    public IReadOnlyDictionary<string, int> Snapshot()
    {
        lock (guard)
        {
            return new Dictionary<string, int>(counts);
        }
    }
}
