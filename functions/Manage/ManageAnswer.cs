using System.Text.Json.Serialization;
using AuthFunctions.Outbox;

namespace AuthFunctions.Manage;

/// <summary>Answer of <c>GET /manage/users</c>: no user or one.</summary>
public sealed record ManagedUsers(IReadOnlyList<ManagedUser> Users);

/// <summary>A user, as operators see it.</summary>
public sealed record ManagedUser(string Id, string Email, string? Name, bool EmailVerified, bool Blocked, DateTimeOffset CreatedAt);

/// <summary>Answer of <c>GET /manage/outbox</c>.</summary>
public sealed record ManagedOutbox(IReadOnlyList<WaitingIntent> Waiting, IReadOnlyList<FailedIntent> Failed);

/// <summary>Something that waits to be sent, or is just being sent.</summary>
public sealed record WaitingIntent(string Id, string Kind, DateTimeOffset CreatedAt);

/// <summary>Answer of <c>GET /manage/keys</c>.</summary>
public sealed record ManagedKeys(IReadOnlyList<ManagedKey> Keys, IReadOnlyList<ManagedKeyEvent> Events);

/// <summary>A signing key: <c>announced</c>, <c>signing</c>, <c>retiring</c>, <c>retired</c> or <c>pulled</c>.</summary>
public sealed record ManagedKey(string Kid, string State, DateTimeOffset CreatedAt);

/// <summary>Something an operator did to the keys.</summary>
public sealed record ManagedKeyEvent(DateTimeOffset At, string Kind, string? Kid, string ClientId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ManagedUsers))]
[JsonSerializable(typeof(ManagedKeys))]
[JsonSerializable(typeof(ManagedOutbox))]
internal sealed partial class ManageJson : JsonSerializerContext;
