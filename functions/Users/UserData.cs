using AuthFunctions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Users;

/// <summary>What is stored about a user, as the user may have it: every kind of row that lasts, without hashes and secrets.</summary>
public sealed class UserData([FromKeyedServices(TableNames.Users)] ITable table)
{
    private static readonly string[] Kinds = ["user", "session_", "consent_", "device_", "passkey_", "event_"];
    private static readonly string[] Hidden = ["PasswordHash", "EmailHash"];

    /// <summary>The rows, each with its key and its columns; bytes are all hashes, keys and ciphertext.</summary>
    public async Task<IReadOnlyList<(string Key, IReadOnlyDictionary<string, object> Columns)>> ReadAsync(string userId, CancellationToken ct) =>
        await table.RangeAsync(userId, "a", "~", ct)
            .Where(row => Kinds.Any(kind => row.Key.StartsWith(kind, StringComparison.Ordinal)))
            .Select(row => (row.Key, (IReadOnlyDictionary<string, object>)Columns(row)))
            .ToListAsync(ct);

    private static Dictionary<string, object> Columns(Row row) => row.Columns
        .Where(c => c.Value is not byte[] && !Hidden.Contains(c.Key, StringComparer.Ordinal))
        .OrderBy(c => c.Key, StringComparer.Ordinal)
        .ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal);
}
