namespace AuthFunctions.SigningKeys;

/// <summary>Where keys come from. <see cref="KeyRing"/> caches what it loads; a source does not.</summary>
public interface IKeySource
{
    /// <summary>The keys as they stand now.</summary>
    /// <exception cref="Protocol.OutageException">They cannot be reached.</exception>
    Task<KeySet> LoadAsync(CancellationToken ct);
}
