namespace AuthFunctions.Faults.Checking;

/// <summary>Storage lost what it had acknowledged: what was done after one moment may be undone since another.</summary>
/// <param name="Since">What was answered before is kept.</param>
/// <param name="At">When storage died.</param>
internal sealed record Rollback(TimeSpan Since, TimeSpan At)
{
    /// <summary>True if what the entry did may be undone.</summary>
    public bool MayUndo(Entry entry) => entry.Verb != Verb.Known && entry.End > Since && entry.Start < At;

    /// <summary>True if it was asked for when storage had come back.</summary>
    public bool Precedes(Entry entry) => entry.Start >= At;
}
