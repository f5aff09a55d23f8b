using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Users;

/// <summary>Finds users by address, and gives an address to one user only.</summary>
public sealed class UserDirectory(
    UserStore users, UserEmailStore emails, [FromKeyedServices(TableNames.Users)] ITable table, TimeProvider clock)
{
    private const int MaxTries = 8;

    /// <summary>A claim younger than this may be a registration under way.</summary>
    private static readonly TimeSpan RegistrationTime = TimeSpan.FromMinutes(1);

    /// <summary>The user who has the address, or null.</summary>
    public async Task<UserRow?> FindAsync(EmailAddress email, CancellationToken ct) =>
        await emails.FindAsync(email.Hash, ct) is { } claim ? await OwnerAsync(claim, ct) : null;

    /// <summary>The user of a claim that was read, or null if the claim came to nothing.</summary>
    public async Task<UserRow?> OwnerAsync(UserEmailRow claim, CancellationToken ct) =>
        await users.FindAsync(claim.UserId, ct) is { } user && user.EmailHash == claim.EmailHash ? user : null;

    /// <summary>
    /// Claims an address for a user that is about to be made. False if another user has it, or is about to.
    /// Index and user lie in different partitions: the index row is first, and an orphan of a registration that died is taken over.
    /// </summary>
    public async Task<bool> TryClaimAsync(EmailAddress email, string userId, CancellationToken ct)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var claim = new UserEmailRow(email.Hash, userId, clock.GetUtcNow());
            if (await emails.AddAsync(claim, ct) is Commit.Done)
            {
                return true;
            }

            if (await emails.FindAsync(email.Hash, ct) is not { } found)
            {
                continue;
            }

            if (found.UserId == userId)
            {
                return true;
            }

            if (await OwnerAsync(found, ct) is not null || clock.GetUtcNow() - found.ClaimedAt < RegistrationTime)
            {
                return false;
            }

            // An orphan. First its user id is barred, so that a registration which is only slow fails instead of making a second
            // user; a conflict means that a user row is there after all: either real by now, which the next round sees, or barred.
            await table.CommitAsync([users.AddTombstone(found.UserId)], ct);
            if (await OwnerAsync(found, ct) is null && await emails.ReplaceAsync(claim with { ETag = found.ETag }, ct) is Commit.Done)
            {
                return true;
            }
        }

        throw new OutageException("table UserEmails");
    }
}
