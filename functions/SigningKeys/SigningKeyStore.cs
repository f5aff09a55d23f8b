using System.Globalization;
using AuthFunctions.Storage;
using Azure;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.SigningKeys;

/// <summary>A key that the service keeps itself.</summary>
/// <param name="Series">The source it belongs to; keys of different sources never mix.</param>
/// <param name="Number">Its place in the series, from 1.</param>
/// <param name="Kid">The RFC 7638 thumbprint.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Pkcs8">The private key in PKCS #8, sealed in the way of its source.</param>
public sealed record SigningKeyRow(string Series, int Number, string Kid, DateTimeOffset CreatedAt, byte[] Pkcs8)
{
    /// <summary>The data key under which <see cref="Pkcs8"/> is sealed, wrapped by the vault; null where it lies in the clear.</summary>
    public byte[]? WrappedDataKey { get; init; }

    /// <summary>The version of the vault's key that wrapped it.</summary>
    public string? WrappedBy { get; init; }

    /// <summary>When an operator took it out of use; null if none did.</summary>
    public DateTimeOffset? PulledAt { get; init; }

    /// <summary>The version that was read; default on a new key.</summary>
    public ETag ETag { get; init; }
}

/// <summary>
/// Table <c>SigningKeys</c>: PartitionKey = the series, RowKey = <c>key_{number}</c>. Of two instances that add the same number one wins.
/// </summary>
public sealed class SigningKeyStore([FromKeyedServices(TableNames.SigningKeys)] ITable keys)
{
    private const string Prefix = "key_";

    /// <summary>All keys of a series, oldest first.</summary>
    public async Task<List<SigningKeyRow>> ListAsync(string series, CancellationToken ct)
    {
        var found = new List<SigningKeyRow>();
        await foreach (var row in keys.RangeAsync(series, Prefix, "key`", ct))
        {
            var number = int.Parse(row.Key[Prefix.Length..], CultureInfo.InvariantCulture);
            found.Add(new SigningKeyRow(series, number, row.Text("Kid"), row.Time("CreatedAt"), row.Bytes("Pkcs8"))
            {
                WrappedDataKey = row.OptionalBytes("WrappedDataKey"),
                WrappedBy = row.OptionalText("WrappedBy"),
                PulledAt = row.OptionalTime("PulledAt"),
                ETag = row.ETag,
            });
        }

        return found;
    }

    /// <summary>Stores a new key. A conflict means that another instance made that one.</summary>
    public Task<Commit> AddAsync(SigningKeyRow key, CancellationToken ct) => keys.CommitAsync([new Change.Add(Write(key))], ct);

    /// <summary>Stores a key on the version that was read.</summary>
    public Task<Commit> ReplaceAsync(SigningKeyRow key, CancellationToken ct) => keys.CommitAsync([new Change.Replace(Write(key))], ct);

    private static Row Write(SigningKeyRow key) => new(key.Series, Prefix + key.Number.ToString("D10", CultureInfo.InvariantCulture), Columns.Of(
        ("Kid", key.Kid), ("CreatedAt", key.CreatedAt), ("Pkcs8", key.Pkcs8), ("WrappedDataKey", key.WrappedDataKey), ("WrappedBy", key.WrappedBy),
        ("PulledAt", key.PulledAt)), key.ETag);
}
