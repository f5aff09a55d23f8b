using Azure;

namespace AuthFunctions.Storage;

/// <summary>What became of a commit. Outages are exceptions (<see cref="Protocol.OutageException"/>), never outcomes.</summary>
public abstract record Commit
{
    private Commit()
    {
    }

    /// <summary>All changes are stored.</summary>
    /// <param name="ETags">The new version of each changed row, in the order of the changes; default for a deleted one.</param>
    public sealed record Done(IReadOnlyList<ETag> ETags) : Commit;

    /// <summary>Nothing is stored, because a precondition failed: the row exists, changed, or is gone.</summary>
    /// <param name="Index">The position of the change that failed.</param>
    public sealed record Conflict(int Index) : Commit;
}
