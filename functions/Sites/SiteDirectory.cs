using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Sites;

/// <summary>The sites of this deployment.</summary>
public sealed class SiteDirectory
{
    private readonly Dictionary<string, Site> byName;
    private readonly Dictionary<string, Site> byHost;

    public SiteDirectory(IOptions<SitesOptions> options, IConfiguration configuration)
    {
        All = [.. options.Value.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new Site(s.Key, s.Value))];
        byName = All.ToDictionary(s => s.Name, StringComparer.Ordinal);
        byHost = All.ToDictionary(s => s.Host, StringComparer.OrdinalIgnoreCase);

        // Until a custom domain is bound, the platform's own host name stands for the first site.
        if (configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } platformHost)
        {
            byHost.TryAdd(platformHost, All[0]);
        }
    }

    /// <summary>All sites, in the order of their names.</summary>
    public IReadOnlyList<Site> All { get; }

    /// <summary>The site of that name, or null.</summary>
    public Site? Find(string? name) => name is null ? null : byName.GetValueOrDefault(name);

    /// <summary>The site that answers on this host, or null. <paramref name="host"/> is the request's Host, port included.</summary>
    public Site? FindByHost(string host) => byHost.GetValueOrDefault(WithoutDefaultPort(host));

    private static string WithoutDefaultPort(string host) =>
        host.EndsWith(":443", StringComparison.Ordinal) ? host[..^4]
        : host.EndsWith(":80", StringComparison.Ordinal) ? host[..^3]
        : host;
}
