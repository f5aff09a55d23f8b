using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthFunctions.Storage;
using Azure;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Http;

/// <summary>Whose failures are counted: an address, an e-mail address, a device or a user. Hashed, so that rows name nobody.</summary>
/// <param name="Kind">What it is; counts of different kinds never mix.</param>
/// <param name="Hash">base64url SHA-256 of what it is.</param>
public sealed record ThrottleKey(string Kind, string Hash)
{
    /// <summary>Failures from a client address; success elsewhere says nothing about it, so it is never reset.</summary>
    public static ThrottleKey OfAddress(string address) => new("address", HashOf(address));

    /// <summary>Failures for an e-mail address from devices that are not known, whether or not the address has an account.</summary>
    public static ThrottleKey OfEmail(string emailHash) => new("email", emailHash);

    /// <summary>Failures from a device that has signed in to this account before: a budget of its own, out of a stranger's reach.</summary>
    public static ThrottleKey OfDevice(string deviceId) => new("device", HashOf(deviceId));

    /// <summary>Failures of a signed-in user, who guesses at other people's device codes.</summary>
    public static ThrottleKey OfUser(string userId) => new("user", HashOf(userId));

    /// <summary>Mails that somebody had sent to an e-mail address.</summary>
    public static ThrottleKey OfMail(string emailHash) => new("mail", emailHash);

    /// <summary>Mails that a client address had sent to anybody.</summary>
    public static ThrottleKey OfMailer(string address) => new("mailer", HashOf(address));

    /// <summary>Wrong passwords typed in a session that is signed in.</summary>
    public static ThrottleKey OfSession(string sessionId) => new("session", HashOf(sessionId));

    private static string HashOf(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>Failures in a row of one key.</summary>
/// <param name="Key">Whose.</param>
/// <param name="Failures">How many.</param>
/// <param name="NextAttemptAt">Before this moment an attempt is refused.</param>
/// <param name="ExpiresAt">When the count is forgotten.</param>
public sealed record ThrottleRow(ThrottleKey Key, int Failures, DateTimeOffset NextAttemptAt, DateTimeOffset ExpiresAt)
{
    /// <summary>The version that was read; default if there was no row.</summary>
    public ETag ETag { get; init; }
}

/// <summary>Rows of table <c>Throttle</c>: PartitionKey = kind and hash, RowKey = <c>failures</c>. Written only on failures.</summary>
public sealed class ThrottleStore([FromKeyedServices(TableNames.Throttle)] ITable throttle)
{
    private const string RowKey = "failures";

    /// <summary>The count of a key, or null if there is none.</summary>
    public async Task<ThrottleRow?> FindAsync(ThrottleKey key, CancellationToken ct) =>
        await throttle.FindAsync(Partition(key), RowKey, ct) is { } row
            ? new ThrottleRow(key, row.Number("Failures"), row.Time("NextAttemptAt"), row.Time(Row.ExpiresAt)) { ETag = row.ETag }
            : null;

    /// <summary>Stores a count on the version that was read. A conflict means that another attempt was counted meanwhile.</summary>
    public Task<Commit> SaveAsync(ThrottleRow row, CancellationToken ct)
    {
        var stored = new Row(Partition(row.Key), RowKey, Columns.Of(
            ("Failures", row.Failures), ("NextAttemptAt", row.NextAttemptAt), (Row.ExpiresAt, row.ExpiresAt)), row.ETag);
        return throttle.CommitAsync([row.ETag == default ? new Change.Add(stored) : new Change.Replace(stored)], ct);
    }

    /// <summary>Forgets a count. A conflict means that another attempt failed meanwhile, and stays counted.</summary>
    public Task<Commit> DeleteAsync(ThrottleRow row, CancellationToken ct) =>
        throttle.CommitAsync([new Change.Delete(Partition(row.Key), RowKey, row.ETag)], ct);

    private static string Partition(ThrottleKey key) => $"{key.Kind}_{key.Hash}";
}
