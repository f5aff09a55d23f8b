using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Users;

/// <summary>Removes what is left of a deleted user: all rows but the audit trail, which the policy keeps, and what is still to be sent.</summary>
public sealed class UserEraser(UserEmailStore emails, [FromKeyedServices(TableNames.Users)] ITable table)
{
    private const int MaxOperations = 100;

    /// <summary>Removes it. May be repeated, and goes on where it was broken off.</summary>
    public async Task EraseAsync(string userId, string emailHash, CancellationToken ct)
    {
        if (await emails.FindAsync(emailHash, ct) is { } claim && claim.UserId == userId)
        {
            await emails.DeleteAsync(claim, ct);
        }

        var batch = new List<Change>();
        await foreach (var row in table.RangeAsync(userId, "a", "~", ct))
        {
            if (!IsKept(row.Key))
            {
                batch.Add(new Change.Delete(userId, row.Key, row.ETag));
            }

            if (batch.Count == MaxOperations)
            {
                await DeleteAsync(batch, ct);
            }
        }

        await DeleteAsync(batch, ct);
    }

    /// <summary>The row <c>user</c> is a tombstone by now, which bars the id for a while.</summary>
    private static bool IsKept(string key) =>
        key == "user" || key.StartsWith("event_", StringComparison.Ordinal) || key.StartsWith("outbox_", StringComparison.Ordinal);

    private async Task DeleteAsync(List<Change> batch, CancellationToken ct)
    {
        if (batch.Count > 0 && await table.CommitAsync([.. batch], ct) is not Commit.Done)
        {
            throw new OutageException("table Users");
        }

        batch.Clear();
    }
}
