using AuthFunctions.Faults.Checking;
using AuthFunctions.Storage;
using Azure.Data.Tables;

namespace AuthFunctions.Faults.Cluster;

/// <summary>Reads all rows that the checks look at, past the proxy and without the product's own stores.</summary>
internal static class StoredReader
{
    public static async Task<Stored> ReadAsync(Deployment deployment)
    {
        var tables = deployment.Tables();
        var (users, sessions, events, claims) =
            (new List<StoredUser>(), new List<StoredSession>(), new List<StoredEvent>(), new List<StoredClaim>());
        await foreach (var row in tables.GetTableClient(TableNames.Users).QueryAsync<TableEntity>("PartitionKey ge ''"))
        {
            switch (row.RowKey.Split('_')[0])
            {
                case "user" when !Flag(row, "Tombstone"):
                    users.Add(new StoredUser(
                        row.PartitionKey, (string)row["EmailHash"], (int)row["Epoch"], Flag(row, "Blocked"),
                        (int)row["SessionCount"]));
                    break;
                case "session":
                    sessions.Add(new StoredSession(row.PartitionKey, row.RowKey["session_".Length..], (int)row["Epoch"]));
                    break;
                case "event":
                    events.Add(new StoredEvent(
                        row.PartitionKey, (string)row["Kind"], Text(row, "SessionId"), Text(row, "Reason"), row.RowKey));
                    break;
            }
        }

        await foreach (var row in tables.GetTableClient(TableNames.UserEmails).QueryAsync<TableEntity>("PartitionKey ge ''"))
        {
            claims.Add(new StoredClaim(row.PartitionKey, (string)row["UserId"]));
        }

        return new Stored(users, claims, sessions, events);
    }

    private static string? Text(TableEntity row, string column) => row.TryGetValue(column, out var value) ? (string)value : null;

    private static bool Flag(TableEntity row, string column) => row.TryGetValue(column, out var value) && (bool)value;
}
