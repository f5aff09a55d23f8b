namespace AuthFunctions.Storage;

/// <summary>The tables of a deployment. Each <see cref="ITable"/> is registered as a keyed service under its name.</summary>
public static class TableNames
{
    /// <summary>Everything about a user: PartitionKey = user id.</summary>
    public const string Users = "Users";

    /// <summary>The e-mail index: PartitionKey = base64url SHA-256 of the normalised address.</summary>
    public const string UserEmails = "UserEmails";

    /// <summary>Registrations that wait for their address to be confirmed.</summary>
    public const string PendingRegistrations = "PendingRegistrations";

    /// <summary>Signing keys that the service keeps itself.</summary>
    public const string SigningKeys = "SigningKeys";

    /// <summary>The ASP.NET Core Data Protection key ring.</summary>
    public const string DataProtection = "DataProtection";

    /// <summary>Used-up identifiers of client assertions (RFC 7523 §3).</summary>
    public const string ClientAssertions = "ClientAssertions";

    /// <summary>Device authorization requests (RFC 8628).</summary>
    public const string DeviceCodes = "DeviceCodes";

    /// <summary>Used-up DPoP proofs (RFC 9449 §11.1).</summary>
    public const string DpopProofs = "DpopProofs";

    /// <summary>Pushed authorization requests (RFC 9126).</summary>
    public const string PushedRequests = "PushedRequests";

    /// <summary>By what intents to send something are found again (<c>outbox_{id}</c> rows lie with what they tell of).</summary>
    public const string Outbox = "Outbox";

    /// <summary>Counts of failed sign-ins; written only on failures.</summary>
    public const string Throttle = "Throttle";

    /// <summary>All of them, in alphabetical order.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        ClientAssertions, DataProtection, DeviceCodes, DpopProofs, Outbox, PendingRegistrations, PushedRequests, SigningKeys, Throttle, UserEmails,
        Users,
    ];
}
