using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Handoff;

/// <summary>A handoff token that was redeemed, or burnt without being.</summary>
/// <param name="UserId">The user.</param>
/// <param name="TokenId">The token's <c>jti</c>.</param>
/// <param name="SessionId">The session it made; null if it was burnt.</param>
public sealed record HandoffRow(string UserId, string TokenId, SessionId? SessionId);

/// <summary>Rows <c>handoff_{jti}</c> of table <c>Users</c> (PartitionKey = user id): one token, one row, one session.</summary>
public sealed class HandoffStore([FromKeyedServices(TableNames.Users)] ITable users, TimeProvider clock)
{
    private const string Prefix = "handoff_";

    /// <summary>Long past any token's life, clocks that differ included.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>The row of a token, or null if it was neither redeemed nor burnt.</summary>
    public async Task<HandoffRow?> FindAsync(string userId, string tokenId, CancellationToken ct) =>
        await users.FindAsync(userId, Prefix + tokenId, ct) is { } row
            ? new HandoffRow(userId, tokenId, SessionId.TryParse(row.OptionalText("SessionId"), out var id) ? id : null)
            : null;

    /// <summary>The change that uses a token up. A conflict if it was used before.</summary>
    public Change Add(HandoffRow handoff) => new Change.Add(new Row(handoff.UserId, Prefix + handoff.TokenId, Columns.Of(
        ("SessionId", handoff.SessionId?.ToString()), (Row.ExpiresAt, clock.GetUtcNow() + Kept))));

    /// <summary>Burns a token that turned up in the wrong browser. If it was used already, nothing changes.</summary>
    public Task BurnAsync(HandoffToken token, CancellationToken ct) =>
        users.CommitAsync([Add(new HandoffRow(token.UserId, token.TokenId, null))], ct);
}
