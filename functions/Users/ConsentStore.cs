using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Azure;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Users;

/// <summary>What a user lets a client have.</summary>
public sealed record ConsentRow(string UserId, string ClientId, Scope Scope, DateTimeOffset GivenAt)
{
    /// <summary>The version that was read; default on a new consent.</summary>
    public ETag ETag { get; init; }
}

/// <summary>Rows <c>consent_{hash of the client id}</c> of table <c>Users</c> (PartitionKey = user id).</summary>
public sealed class ConsentStore([FromKeyedServices(TableNames.Users)] ITable users)
{
    private const string Prefix = "consent_";

    /// <summary>The consent, or null if none was given.</summary>
    public async Task<ConsentRow?> FindAsync(string userId, string clientId, CancellationToken ct) =>
        await users.FindAsync(userId, Key(clientId), ct) is { } row ? Read(row) : null;

    /// <summary>All of a user's consents.</summary>
    public ValueTask<List<ConsentRow>> ListAsync(string userId, CancellationToken ct) =>
        users.RangeAsync(userId, Prefix, "consent`", ct).Select(Read).ToListAsync(ct);

    /// <summary>The change that gives consent, or widens the one that was read.</summary>
    public Change Save(ConsentRow consent)
    {
        var row = new Row(consent.UserId, Key(consent.ClientId), Columns.Of(
            ("ClientId", consent.ClientId), ("Scope", consent.Scope.ToString()), ("GivenAt", consent.GivenAt)), consent.ETag);
        return consent.ETag == default ? new Change.Add(row) : new Change.Replace(row);
    }

    /// <summary>The change that takes a consent back, on the version that was read.</summary>
    public Change Delete(ConsentRow consent) => new Change.Delete(consent.UserId, Key(consent.ClientId), consent.ETag);

    private static ConsentRow Read(Row row) =>
        new(row.Partition, row.Text("ClientId"), Scope.Parse(row.Text("Scope")), row.Time("GivenAt")) { ETag = row.ETag };

    // A client id may hold characters that a key may not.
    private static string Key(string clientId) => Prefix + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(clientId)));
}
