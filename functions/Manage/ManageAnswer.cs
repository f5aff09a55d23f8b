using System.Text.Json.Serialization;

namespace AuthFunctions.Manage;

/// <summary>Answer of <c>GET /manage/users</c>: no user or one.</summary>
public sealed record ManagedUsers(IReadOnlyList<ManagedUser> Users);

/// <summary>A user, as operators see it.</summary>
public sealed record ManagedUser(string Id, string Email, string? Name, bool EmailVerified, bool Blocked, DateTimeOffset CreatedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ManagedUsers))]
internal sealed partial class ManageJson : JsonSerializerContext;
