namespace AuthFunctions.Http;

/// <summary>Settings <c>ClientAddress</c>.</summary>
public sealed class ClientAddressOptions
{
    /// <summary>The settings section.</summary>
    public const string Section = "ClientAddress";

    /// <summary>
    /// The header in which the platform writes the caller's address: <c>CLIENT-IP</c> on Flex Consumption. None by default:
    /// failures are then not counted by address, because a header that callers can set themselves would count for nothing.
    /// </summary>
    public string? Header { get; set; }
}
