using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace AuthFunctions.Clients;

/// <summary>
/// Whom requests to clients' own servers may reach (<see cref="ClientHttp"/>). The composition root says it and no setting can: a URL that leads into
/// the deployment's own network would have the service ask what the outside must not (server-side request forgery).
/// </summary>
/// <param name="IsAllowed">Whether a connection to that address may be made.</param>
/// <param name="Certificate">Checks the server's certificate; null for the platform's own check.</param>
public sealed record ClientPeers(Func<IPAddress, bool> IsAllowed, RemoteCertificateValidationCallback? Certificate = null)
{
    /// <summary>
    /// Blocks that are private, shared, loopback, link-local, multicast or reserved (RFC 6890), or that carry an IPv4 address inside; and the
    /// address of Azure's own host services, which answer inside the platform alone.
    /// </summary>
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "168.63.129.16/32", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    /// <summary>Global unicast, the one part of IPv6 that is routed publicly (RFC 4291 §2.4).</summary>
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>The public Internet.</summary>
    public static ClientPeers Public { get; } = new(IsPublic);

    /// <summary>True if the address is on the public Internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (plain.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(plain)) && !NotPublic.Any(n => n.Contains(plain));
    }
}
