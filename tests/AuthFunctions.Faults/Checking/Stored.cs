namespace AuthFunctions.Faults.Checking;

/// <summary>A user as stored.</summary>
internal sealed record StoredUser(string Id, string EmailHash, int Epoch, bool Blocked, int SessionCount);

/// <summary>Whose an address is, as stored.</summary>
internal sealed record StoredClaim(string EmailHash, string UserId);

/// <summary>A session as stored.</summary>
internal sealed record StoredSession(string User, string Id, int Epoch);

/// <summary>An event of the audit trail, as stored.</summary>
internal sealed record StoredEvent(string User, string Kind, string? Session, string? Reason, string Key);

/// <summary>What the tables hold.</summary>
internal sealed record Stored(
    IReadOnlyList<StoredUser> Users, IReadOnlyList<StoredClaim> Claims, IReadOnlyList<StoredSession> Sessions, IReadOnlyList<StoredEvent> Events);
