using System.Text.Json.Serialization;
using AuthFunctions.Tokens;

namespace AuthFunctions.Session;

/// <summary>Answer of <c>GET /session</c>.</summary>
public sealed record SessionAnswer(UserBody User, SessionBody Session);

/// <summary>Answer of <c>GET /sessions</c>.</summary>
public sealed record SessionsAnswer(IReadOnlyList<DeviceBody> Sessions);

/// <summary>One of the user's sign-ins, with the sites it reaches.</summary>
/// <param name="Id">The root session: what <c>DELETE /sessions/{id}</c> takes.</param>
/// <param name="Sites">The sites where it is signed in, the one of the sign-in first.</param>
/// <param name="Device">What the device called itself, or null.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="LastUsedAt">When it was last refreshed, on any site.</param>
/// <param name="ExpiresAt">When it ends at the latest.</param>
/// <param name="Current">True for the one that asks.</param>
public sealed record DeviceBody(
    string Id, IReadOnlyList<string> Sites, string? Device,
    DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt, bool Current);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SessionAnswer))]
[JsonSerializable(typeof(SessionsAnswer))]
internal sealed partial class SessionJson : JsonSerializerContext;
