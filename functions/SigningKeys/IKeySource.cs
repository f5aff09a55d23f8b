namespace AuthFunctions.SigningKeys;

/// <summary>Where keys come from. <see cref="KeyRing"/> caches what it loads; a source keeps only what never changes.</summary>
/// <remarks>Each member throws <see cref="Protocol.OutageException"/> when the keys cannot be reached.</remarks>
public interface IKeySource
{
    /// <summary>The keys as they stand now; makes the first where there is none.</summary>
    Task<KeySet> LoadAsync(CancellationToken ct);

    /// <summary>All keys, pulled and retired ones too, oldest first.</summary>
    Task<IReadOnlyList<KeyInfo>> ListAsync(CancellationToken ct);

    /// <summary>Makes a new key, which stands by; the one that stood by takes over as soon as it was announced long enough.</summary>
    Task RotateAsync(CancellationToken ct);

    /// <summary>Takes a key out of use at once. False if there is no such key, or no other that could sign in its place.</summary>
    Task<bool> PullAsync(string kid, CancellationToken ct);

    /// <summary>What is due by schedule: a new key, a missing standby. Any number of instances may call it at once.</summary>
    /// <returns>What was done, for one log line.</returns>
    Task<string> MaintainAsync(CancellationToken ct);
}
