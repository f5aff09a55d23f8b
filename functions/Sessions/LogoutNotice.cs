using System.Text.Json;
using System.Text.Json.Serialization;

namespace AuthFunctions.Sessions;

/// <summary>
/// What a client is to be told (OpenID Connect Back-Channel Logout 1.0): which of its sessions ended. Whose they are is the intent's partition.
/// </summary>
/// <param name="ClientId">The client.</param>
/// <param name="Sessions">Its sessions: it gets a logout token for each.</param>
public sealed record LogoutNotice(string ClientId, IReadOnlyList<EndedSession> Sessions)
{
    /// <summary>The text of an outbox row.</summary>
    public string Write() => JsonSerializer.Serialize(this, LogoutNoticeJson.Default.LogoutNotice);

    /// <summary>What an outbox row holds.</summary>
    public static LogoutNotice Read(string payload) => JsonSerializer.Deserialize(payload, LogoutNoticeJson.Default.LogoutNotice)
        ?? throw new InvalidDataException("An outbox row holds no logout notice.");
}

/// <summary>A session that ended.</summary>
/// <param name="Site">Its site, whose issuer tells of it.</param>
/// <param name="Id">The session.</param>
public sealed record EndedSession(string Site, string Id);

[JsonSerializable(typeof(LogoutNotice))]
internal sealed partial class LogoutNoticeJson : JsonSerializerContext;
