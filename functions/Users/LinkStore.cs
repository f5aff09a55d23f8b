using AuthFunctions.Storage;
using Azure;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Users;

/// <summary>A link that was mailed to a user, as row <c>link_{id}</c> holds it.</summary>
public sealed record LinkRow
{
    /// <summary>The user.</summary>
    public required string UserId { get; init; }

    /// <summary>128 random bits.</summary>
    public required string Id { get; init; }

    /// <summary>What it is for: one of <see cref="LinkPurposes"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>The site that it leads to.</summary>
    public required string Site { get; init; }

    /// <summary>Hash of the address that the user had: with another address the link is dead.</summary>
    public required string EmailHash { get; init; }

    /// <summary>The address that it was sent to and that is to become the user's; null for other purposes.</summary>
    public string? NewEmail { get; init; }

    /// <summary>Hash of its secret.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>When it dies.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The version that was read.</summary>
    public ETag ETag { get; init; }
}

/// <summary>What mailed links are for. Stored, so never renamed.</summary>
public static class LinkPurposes
{
    public const string Reset = "reset";
    public const string Unlock = "unlock";
    public const string Email = "email";
}

/// <summary>Rows <c>link_{id}</c> of table <c>Users</c> (PartitionKey = user id).</summary>
public sealed class LinkStore([FromKeyedServices(TableNames.Users)] ITable users, UserStore people, TimeProvider clock)
{
    /// <summary>How long a mailed link works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private const string Prefix = "link_";

    /// <summary>The link and its user, read at once, if it can be used for this at this site; else null. Changes nothing.</summary>
    public async Task<(LinkRow Link, UserRow User)?> FindAsync(string? text, string purpose, string site, CancellationToken ct)
    {
        if (UserLink.Read(text) is not { } handle)
        {
            return null;
        }

        var user = people.FindAsync(handle.UserId, ct);
        var row = users.FindAsync(handle.UserId, Prefix + handle.LinkId, ct);
        await Task.WhenAll(user, row);
        return await row is { } found && Read(found) is var link && await user is { } owner
            && handle.Secret.Matches(link.SecretHash)
            && link.Purpose == purpose && link.Site == site && link.EmailHash == owner.EmailHash
            && link.ExpiresAt > clock.GetUtcNow()
            ? (link, owner)
            : null;
    }

    /// <summary>All of a user's links.</summary>
    public IAsyncEnumerable<LinkRow> ListAsync(string userId, CancellationToken ct) => users.RangeAsync(userId, Prefix, "link`", ct).Select(Read);

    /// <summary>Stores a link. A conflict means that it is stored already.</summary>
    public Task<Commit> AddAsync(LinkRow link, CancellationToken ct) => users.CommitAsync([Add(link)], ct);

    /// <summary>The change that stores a link.</summary>
    public Change Add(LinkRow link) => new Change.Add(Write(link));

    /// <summary>The change that uses a link up; committed with what it was for. A conflict means that it was used.</summary>
    public Change Delete(LinkRow link) => new Change.Delete(link.UserId, Prefix + link.Id, link.ETag);

    private static Row Write(LinkRow link) => new(link.UserId, Prefix + link.Id, Columns.Of(
        ("Purpose", link.Purpose), ("Site", link.Site), ("EmailHash", link.EmailHash), ("NewEmail", link.NewEmail),
        ("SecretHash", link.SecretHash), (Row.ExpiresAt, link.ExpiresAt)), link.ETag);

    private static LinkRow Read(Row row) => new()
    {
        UserId = row.Partition,
        Id = row.Key[Prefix.Length..],
        Purpose = row.Text("Purpose"),
        Site = row.Text("Site"),
        EmailHash = row.Text("EmailHash"),
        NewEmail = row.OptionalText("NewEmail"),
        SecretHash = row.Bytes("SecretHash"),
        ExpiresAt = row.Time(Row.ExpiresAt),
        ETag = row.ETag,
    };
}
