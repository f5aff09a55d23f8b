using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Users;

/// <summary>Finds users by address, and gives an address to one user only.</summary>
public sealed class UserDirectory(
    UserStore users, UserEmailStore emails, [FromKeyedServices(TableNames.Users)] ITable table, TimeProvider clock)
{
    private const int MaxTries = 12;

    /// <summary>A claim younger than this may be a registration under way.</summary>
    private static readonly TimeSpan RegistrationTime = TimeSpan.FromMinutes(1);

    /// <summary>How long to wait, in real time, before looking again what became of a registration under way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>The user who has the address, or null.</summary>
    public async Task<UserRow?> FindAsync(EmailAddress email, CancellationToken ct) =>
        await emails.FindAsync(email.Hash, ct) is { } claim ? await OwnerAsync(claim, ct) : null;

    /// <summary>The user of a claim that was read, or null if the claim came to nothing.</summary>
    public async Task<UserRow?> OwnerAsync(UserEmailRow claim, CancellationToken ct) =>
        await users.FindAsync(claim.UserId, ct) is { } user && user.EmailHash == claim.EmailHash ? user : null;

    /// <summary>
    /// Claims an address for a user that is about to be made. False if another user has it.
    /// Index and user lie in different partitions: the index row is first, and an orphan of a registration that died is taken over.
    /// </summary>
    /// <exception cref="OutageException">Another registration has claimed it less than a minute ago and has not come to an end.</exception>
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

            if (await OwnerAsync(found, ct) is not null)
            {
                return false;
            }

            if (clock.GetUtcNow() - found.ClaimedAt < RegistrationTime)
            {
                // Either it ends in a moment, or it died, and "taken" would be a lie to whoever tries again.
                await Task.Delay(Patience, ct);
                continue;
            }

            // An orphan. First its user id is barred, so that a registration which is only slow fails instead of making a second
            // user; a conflict means that a user row is there after all: either real by now, which the next round sees, or barred.
            await table.CommitAsync([users.AddTombstone(found.UserId)], ct);
            if (await users.FindAsync(found.UserId, ct) is { } rival && rival.EmailHash != email.Hash)
            {
                // Somebody who has another address and was about to change it to this one. Written as it is, so that a change decided on
                // the version before fails; a conflict means that the row has changed anyway.
                await table.CommitAsync([users.Replace(rival)], ct);
            }

            if (await OwnerAsync(found, ct) is null && await emails.ReplaceAsync(claim with { ETag = found.ETag }, ct) is Commit.Done)
            {
                return true;
            }
        }

        throw new OutageException("table UserEmails");
    }
}
