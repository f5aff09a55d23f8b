namespace AuthFunctions.Protocol;

/// <summary>Client identifiers with a meaning of their own.</summary>
public static class ClientIds
{
    /// <summary>A site's own frontends and native apps: <c>client_id</c> of a session that no registered client asked for.</summary>
    public const string FirstParty = "first-party";
}
