using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Azure;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Sessions;

/// <summary>One sign-in on one site, or one client's grant, as row <c>session_{id}</c> holds it.</summary>
public sealed record SessionRow
{
    /// <summary>The user whose partition the row is in.</summary>
    public required string UserId { get; init; }

    /// <summary>The session.</summary>
    public required SessionId Id { get; init; }

    /// <summary>The site it is for; its handles are worth nothing at another.</summary>
    public required string Site { get; init; }

    /// <summary>The client it was granted to; <see cref="ClientIds.FirstParty"/> where none is named.</summary>
    public required string ClientId { get; init; }

    /// <summary>The browser's session that granted this one, of a client's grant that is a root of its own; else null.</summary>
    public SessionId? GrantedBy { get; init; }

    /// <summary>What was granted.</summary>
    public required Scope Scope { get; init; }

    /// <summary>The audience of its access tokens (RFC 8707) where the client asked for one; null for the site's default.</summary>
    public string? Resource { get; init; }

    /// <summary>When the user last proved who they are (OpenID Connect Core §2, <c>auth_time</c>); a child has its root's.</summary>
    public required DateTimeOffset AuthTime { get; init; }

    /// <summary>How (RFC 8176); a child has its root's.</summary>
    public required IReadOnlyList<string> Amr { get; init; }

    /// <summary>When the session was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last refreshed.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>When it ends if it is not used.</summary>
    public required DateTimeOffset IdleExpiresAt { get; init; }

    /// <summary>When it ends at the latest; a child has its root's. Never extended.</summary>
    public required DateTimeOffset AbsoluteExpiresAt { get; init; }

    /// <summary>The user's epoch when it was made.</summary>
    public required int Epoch { get; init; }

    /// <summary>What the user's device called itself.</summary>
    public string? Device { get; init; }

    /// <summary>Hash of the session cookie's secret, for browsers.</summary>
    public byte[]? SidHash { get; init; }

    /// <summary>Hash of the check handle's secret, for Stateful sites that share with subdomains.</summary>
    public byte[]? CheckHash { get; init; }

    /// <summary>Hash of the current refresh secret, where there is one.</summary>
    public byte[]? RefreshHash { get; init; }

    /// <summary>Hash of the refresh secret before that.</summary>
    public byte[]? PreviousRefreshHash { get; init; }

    /// <summary>The current refresh secret, sealed under a key that the previous secret yields (<see cref="Rotation"/>).</summary>
    public byte[]? SealedSuccessor { get; init; }

    /// <summary>How many rotations there were.</summary>
    public int Generation { get; init; }

    /// <summary>When the last rotation was.</summary>
    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>The key of the refresh handles' MAC.</summary>
    public byte[]? HandleKey { get; init; }

    /// <summary>Claims that the client has by name.</summary>
    public GrantedClaims Claims { get; init; } = GrantedClaims.None;

    /// <summary>Thumbprint of the key that must be proven to refresh it (RFC 9449 §5), where a public client used DPoP; else null.</summary>
    public string? DpopKey { get; init; }

    /// <summary>The version that was read; default on a new session.</summary>
    public ETag ETag { get; init; }

    /// <summary>When it ends unless it is used: the earlier of both.</summary>
    public DateTimeOffset ExpiresAt => IdleExpiresAt < AbsoluteExpiresAt ? IdleExpiresAt : AbsoluteExpiresAt;
}

/// <summary>Rows <c>session_{id}</c> of table <c>Users</c> (PartitionKey = user id).</summary>
public sealed class SessionStore([FromKeyedServices(TableNames.Users)] ITable users)
{
    private const string Prefix = "session_";

    /// <summary>The session, or null if there is none.</summary>
    public async Task<SessionRow?> FindAsync(string userId, SessionId id, CancellationToken ct) =>
        await users.FindAsync(userId, Prefix + id, ct) is { } row ? Read(row) : null;

    /// <summary>All of a user's session rows, dead ones too; a root comes before its children.</summary>
    public async Task<List<SessionRow>> ListAsync(string userId, CancellationToken ct)
    {
        var sessions = new List<SessionRow>();
        await foreach (var row in users.RangeAsync(userId, Prefix, "session`", ct))
        {
            sessions.Add(Read(row));
        }

        return sessions;
    }

    /// <summary>The change that makes a session.</summary>
    public Change Add(SessionRow session) => new Change.Add(Write(session));

    /// <summary>The change that stores a session on the version that was read. Also the proof that it did not end meanwhile.</summary>
    public Change Replace(SessionRow session) => new Change.Replace(Write(session));

    /// <summary>The change that ends a session, and for a root the whole tree.</summary>
    public Change Delete(SessionRow session) => new Change.Delete(session.UserId, Prefix + session.Id, session.ETag);

    private static Row Write(SessionRow s) => new(s.UserId, Prefix + s.Id, Columns.Of(
        ("Site", s.Site), ("ClientId", s.ClientId), ("GrantedBy", s.GrantedBy?.ToString()), ("Scope", s.Scope.ToString()), ("Resource", s.Resource),
        ("AuthTime", s.AuthTime), ("Amr", string.Join(' ', s.Amr)),
        ("CreatedAt", s.CreatedAt), ("LastUsedAt", s.LastUsedAt), ("IdleExpiresAt", s.IdleExpiresAt), ("AbsoluteExpiresAt", s.AbsoluteExpiresAt),
        ("Epoch", s.Epoch), ("Device", s.Device), ("SidHash", s.SidHash), ("CheckHash", s.CheckHash), ("RefreshHash", s.RefreshHash),
        ("PreviousRefreshHash", s.PreviousRefreshHash), ("SealedSuccessor", s.SealedSuccessor), ("Generation", s.Generation),
        ("RotatedAt", s.RotatedAt), ("HandleKey", s.HandleKey), ("DpopKey", s.DpopKey),
        ("IdTokenClaims", GrantedClaims.Write(s.Claims.IdToken)), ("UserInfoClaims", GrantedClaims.Write(s.Claims.UserInfo)),

        // An idle root must stay as long as children of it may live.
        (Row.ExpiresAt, s.Id.IsChild ? s.ExpiresAt : s.AbsoluteExpiresAt)), s.ETag);

    private static SessionRow Read(Row row) => new()
    {
        UserId = row.Partition,
        Id = SessionId.Parse(row.Key[Prefix.Length..]),
        Site = row.Text("Site"),
        ClientId = row.Text("ClientId"),
        GrantedBy = row.OptionalText("GrantedBy") is { } root ? SessionId.Parse(root) : null,
        Scope = Scope.Parse(row.Text("Scope")),
        Resource = row.OptionalText("Resource"),
        AuthTime = row.Time("AuthTime"),
        Amr = row.Text("Amr").Split(' ', StringSplitOptions.RemoveEmptyEntries),
        CreatedAt = row.Time("CreatedAt"),
        LastUsedAt = row.Time("LastUsedAt"),
        IdleExpiresAt = row.Time("IdleExpiresAt"),
        AbsoluteExpiresAt = row.Time("AbsoluteExpiresAt"),
        Epoch = row.Number("Epoch"),
        Device = row.OptionalText("Device"),
        SidHash = row.OptionalBytes("SidHash"),
        CheckHash = row.OptionalBytes("CheckHash"),
        RefreshHash = row.OptionalBytes("RefreshHash"),
        PreviousRefreshHash = row.OptionalBytes("PreviousRefreshHash"),
        SealedSuccessor = row.OptionalBytes("SealedSuccessor"),
        Generation = row.Number("Generation"),
        RotatedAt = row.OptionalTime("RotatedAt"),
        HandleKey = row.OptionalBytes("HandleKey"),
        Claims = GrantedClaims.Parse(row.OptionalText("IdTokenClaims"), row.OptionalText("UserInfoClaims")),
        DpopKey = row.OptionalText("DpopKey"),
        ETag = row.ETag,
    };
}
