namespace AuthFunctions.SigningKeys;

/// <summary>
/// Which of a series of keys signs and which are published, told from when they were made and pulled alone: no state to keep, so no state to
/// lose, and every instance comes to the same answer.
/// </summary>
/// <remarks>
/// The newest key stands by: it is published and does not sign until a newer one is made. So making a key is what rotates, the key that takes
/// over was announced long before, and if the signing key is pulled there is always another that verifiers know already.
/// </remarks>
public static class KeySchedule
{
    /// <summary>
    /// How long a key stays published after it stopped: the longest token life that may be set (60 minutes), and 5 minutes for clocks that
    /// differ.
    /// </summary>
    public static readonly TimeSpan RetiredAfter = TimeSpan.FromMinutes(65);

    /// <summary>The state of each key, oldest first. Some key signs if any was not pulled.</summary>
    /// <param name="keys">All keys of the series; those made at the same moment in the order in which they take their turn.</param>
    /// <param name="createdAt">When a key was made.</param>
    /// <param name="pulledAt">When a key was pulled or expired; null if it may be used.</param>
    /// <param name="now">The moment.</param>
    /// <param name="announceAhead">How long a key is published before it may sign.</param>
    public static IReadOnlyList<(TKey Key, KeyState State)> Decide<TKey>(
        IEnumerable<TKey> keys, Func<TKey, DateTimeOffset> createdAt, Func<TKey, DateTimeOffset?> pulledAt, DateTimeOffset now,
        TimeSpan announceAhead)
    {
        var ordered = keys.OrderBy(createdAt).ToList();
        var signing = ordered.Exists(k => pulledAt(k) is null) ? Signing() : -1;
        return [.. ordered.Select((key, i) => (key, StateOf(i)))];

        int Signing()
        {
            var due = Enumerable.Range(0, ordered.Count).Last(HadItsTurn);
            var usable = ordered.FindIndex(due, k => pulledAt(k) is null);
            return usable >= 0 ? usable : ordered.FindLastIndex(due, k => pulledAt(k) is null);
        }

        // One that was pulled while it stood by never signed, so nothing takes over from it. Its successor may have been made in the same second.
        bool HadItsTurn(int i) => now >= TakesOverAt(i) && !(pulledAt(ordered[i]) <= TakesOverAt(i));

        KeyState StateOf(int i) => pulledAt(ordered[i]) is not null ? KeyState.Pulled
            : i == signing ? KeyState.Signing
            : i > signing ? KeyState.Announced
            : now < StopsAt(i) + RetiredAfter ? KeyState.Retiring
            : KeyState.Retired;

        // The very first signs at once: nobody has a key of ours in a cache yet.
        DateTimeOffset TakesOverAt(int i) => i == 0 ? DateTimeOffset.MinValue
            : i == ordered.Count - 1 ? Never
            : Later(createdAt(ordered[i]) + announceAhead, createdAt(ordered[i + 1]));

        DateTimeOffset StopsAt(int i) => TakesOverAt(ordered.FindIndex(i + 1, k => pulledAt(k) is null));
    }

    /// <summary>Further off than any moment, and still with room to add to.</summary>
    private static readonly DateTimeOffset Never = DateTimeOffset.MaxValue - TimeSpan.FromDays(1);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
