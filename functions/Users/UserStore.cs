using AuthFunctions.Storage;
using Azure;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Users;

/// <summary>A user, as row <c>user</c> holds it.</summary>
public sealed record UserRow
{
    /// <summary>128 random bits; the PartitionKey of everything about the user, and <c>sub</c> in tokens.</summary>
    public required string Id { get; init; }

    /// <summary>The address as it was typed.</summary>
    public required string Email { get; init; }

    /// <summary><see cref="EmailAddress.Hash"/>. An index row counts only if it agrees with this.</summary>
    public required string EmailHash { get; init; }

    /// <summary>What the user is called, or null.</summary>
    public string? Name { get; init; }

    /// <summary>ASP.NET Core Identity's format, which names its own algorithm and cost.</summary>
    public required string PasswordHash { get; init; }

    /// <summary>When the user registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>True if someone proved to read the address.</summary>
    public bool EmailVerified { get; init; }

    /// <summary>An operator has shut the user out.</summary>
    public bool Blocked { get; init; }

    /// <summary>Sessions live only in the epoch they were made in; raising it ends all of them in one write.</summary>
    public int Epoch { get; init; }

    /// <summary>At least the number of living sessions. Counted anew only when it reaches the cap.</summary>
    public int SessionCount { get; init; }

    /// <summary>The version that was read; default on a new user.</summary>
    public ETag ETag { get; init; }

    /// <summary>The name, or what stands before the @ of the address.</summary>
    public string DisplayName => Name ?? Email[..Email.LastIndexOf('@')];
}

/// <summary>Row <c>user</c> of table <c>Users</c> (PartitionKey = user id).</summary>
public sealed class UserStore([FromKeyedServices(TableNames.Users)] ITable users, TimeProvider clock)
{
    private const string RowKey = "user";

    /// <summary>The user, or null if there is none.</summary>
    public async Task<UserRow?> FindAsync(string userId, CancellationToken ct) =>
        await users.FindAsync(userId, RowKey, ct) is { } row && !row.Flag("Tombstone") ? Read(row) : null;

    /// <summary>The change that makes a user. A conflict if the id is taken, by a tombstone too.</summary>
    public Change Add(UserRow user) => new Change.Add(Write(user));

    /// <summary>The change that stores a user on the version that was read. Also the proof that nothing about the user changed meanwhile.</summary>
    public Change Replace(UserRow user) => new Change.Replace(Write(user));

    /// <summary>
    /// The change that bars a user id whose registration never came to an end, so that a slow one which still comes fails.
    /// </summary>
    public Change AddTombstone(string userId) => new Change.Add(new Row(userId, RowKey, Columns.Of(
        ("Tombstone", true), (Row.ExpiresAt, clock.GetUtcNow().AddDays(1)))));

    /// <summary>The change that deletes a user: nothing of the person is left, and the id is barred for longer than a link of its
    /// registration can live.</summary>
    public Change Bury(UserRow user) => new Change.Replace(new Row(user.Id, RowKey, Columns.Of(
        ("Tombstone", true), (Row.ExpiresAt, clock.GetUtcNow().AddDays(8))), user.ETag));

    private static Row Write(UserRow user) => new(user.Id, RowKey, Columns.Of(
        ("Email", user.Email), ("EmailHash", user.EmailHash), ("Name", user.Name), ("PasswordHash", user.PasswordHash),
        ("CreatedAt", user.CreatedAt), ("EmailVerified", user.EmailVerified), ("Blocked", user.Blocked), ("Epoch", user.Epoch),
        ("SessionCount", user.SessionCount)), user.ETag);

    private static UserRow Read(Row row) => new()
    {
        Id = row.Partition,
        Email = row.Text("Email"),
        EmailHash = row.Text("EmailHash"),
        Name = row.OptionalText("Name"),
        PasswordHash = row.Text("PasswordHash"),
        CreatedAt = row.Time("CreatedAt"),
        EmailVerified = row.Flag("EmailVerified"),
        Blocked = row.Flag("Blocked"),
        Epoch = row.Number("Epoch"),
        SessionCount = row.Number("SessionCount"),
        ETag = row.ETag,
    };
}
