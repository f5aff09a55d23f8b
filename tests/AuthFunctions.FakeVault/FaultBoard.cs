namespace AuthFunctions.FakeVault;

/// <summary>The faults switched on: at most one per operation, and one for any.</summary>
internal sealed class FaultBoard
{
    public const string Any = "any";

    public static readonly string[] Operations = ["sign", "wrap", "unwrap", "get", "list", "create", "rotate", "update", Any];

    private readonly Lock guard = new();
    private readonly Dictionary<string, (Fault Fault, int? Left)> faults = new(StringComparer.Ordinal);

    public void Switch(Fault fault)
    {
        lock (guard)
        {
            faults[fault.Operation] = (fault, fault.Count);
        }
    }

    public void Clear()
    {
        lock (guard)
        {
            faults.Clear();
        }
    }

    /// <summary>The fault this request meets, if any, and one less of those that are left.</summary>
    public Fault? Meet(string operation)
    {
        lock (guard)
        {
            return Take(operation) ?? Take(Any);
        }
    }

    private Fault? Take(string operation)
    {
        if (!faults.TryGetValue(operation, out var entry))
        {
            return null;
        }

        if (entry.Left is <= 1)
        {
            faults.Remove(operation);
        }
        else
        {
            faults[operation] = (entry.Fault, entry.Left - 1);
        }

        return entry.Fault;
    }
}
