using AuthFunctions.Sites;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Clients;

/// <summary>The clients of this deployment; a look-up costs no storage call.</summary>
public sealed class ClientDirectory(IOptions<ClientsOptions> options)
{
    private readonly Dictionary<string, OAuthClient> clients =
        options.Value.ToDictionary(c => c.ClientId, c => new OAuthClient(c), StringComparer.Ordinal);

    /// <summary>True if any client wants to be told when sessions end.</summary>
    public bool HasBackchannelLogout { get; } = options.Value.Any(c => c.BackchannelLogoutUri is not null);

    /// <summary>The client of that identifier, or null if the site has none.</summary>
    public OAuthClient? Find(Site site, string? clientId) =>
        clientId is not null && clients.TryGetValue(clientId, out var client) && client.Sites.Contains(site.Name, StringComparer.Ordinal)
            ? client
            : null;

    /// <summary>True if a browser client of the site lives at this origin.</summary>
    public bool IsBrowserOrigin(Site site, string origin) => clients.Values.Any(c =>
        c.Sites.Contains(site.Name, StringComparer.Ordinal) && c.BrowserOrigins.Contains(origin, StringComparer.Ordinal));
}
