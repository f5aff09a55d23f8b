using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Azure;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Authorize;

/// <summary>What a user lets a client have.</summary>
public sealed record ConsentRow(string UserId, string ClientId, Scope Scope, DateTimeOffset GivenAt)
{
    /// <summary>The version that was read; default on a new consent.</summary>
    public ETag ETag { get; init; }
}

/// <summary>Rows <c>consent_{hash of the client id}</c> of table <c>Users</c> (PartitionKey = user id).</summary>
public sealed class ConsentStore([FromKeyedServices(TableNames.Users)] ITable users)
{
    /// <summary>The consent, or null if none was given.</summary>
    public async Task<ConsentRow?> FindAsync(string userId, string clientId, CancellationToken ct) =>
        await users.FindAsync(userId, Key(clientId), ct) is { } row
            ? new ConsentRow(userId, row.Text("ClientId"), Scope.Parse(row.Text("Scope")), row.Time("GivenAt")) { ETag = row.ETag }
            : null;

    /// <summary>The change that gives consent, or widens the one that was read.</summary>
    public Change Save(ConsentRow consent)
    {
        var row = new Row(consent.UserId, Key(consent.ClientId), Columns.Of(
            ("ClientId", consent.ClientId), ("Scope", consent.Scope.ToString()), ("GivenAt", consent.GivenAt)), consent.ETag);
        return consent.ETag == default ? new Change.Add(row) : new Change.Replace(row);
    }

    // A client id may hold characters that a key may not.
    private static string Key(string clientId) => "consent_" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(clientId)));
}
