using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using Azure;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Device;

/// <summary>That a user allowed a device in, and whether the device has come for it.</summary>
/// <param name="UserId">The user.</param>
/// <param name="SessionId">The session that was made with it.</param>
/// <param name="Redeemed">True once the device has its tokens.</param>
/// <param name="ExpiresAt">When the device code expires.</param>
public sealed record DeviceApprovalRow(string UserId, SessionId SessionId, bool Redeemed, DateTimeOffset ExpiresAt)
{
    /// <summary>The version that was read.</summary>
    public ETag ETag { get; init; }
}

/// <summary>
/// Rows <c>device_{session id}</c> of table <c>Users</c> (PartitionKey = user id). One device code, one row, one session; it outlives the session,
/// so that a code neither makes nor yields a second one.
/// </summary>
public sealed class DeviceApprovalStore([FromKeyedServices(TableNames.Users)] ITable users)
{
    private const string Prefix = "device_";
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>The approval, or null if it was not given.</summary>
    public async Task<DeviceApprovalRow?> FindAsync(string userId, SessionId sessionId, CancellationToken ct) =>
        await users.FindAsync(userId, Prefix + sessionId, ct) is { } row
            ? new DeviceApprovalRow(userId, sessionId, row.Flag("Redeemed"), row.Time("ValidUntil")) { ETag = row.ETag }
            : null;

    /// <summary>The change that gives approval. A conflict if it was given before.</summary>
    public Change Add(DeviceApprovalRow approval) => new Change.Add(Write(approval));

    /// <summary>The change that uses it up, on the version that was read. A conflict means that another poll did.</summary>
    public Change Redeem(DeviceApprovalRow approval) => new Change.Replace(Write(approval with { Redeemed = true }));

    private static Row Write(DeviceApprovalRow a) => new(a.UserId, Prefix + a.SessionId, Columns.Of(
        ("Redeemed", a.Redeemed), ("ValidUntil", a.ExpiresAt), (Row.ExpiresAt, a.ExpiresAt + Kept)), a.ETag);
}
