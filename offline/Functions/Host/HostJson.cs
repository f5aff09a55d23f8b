using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Offline.Functions;

/// <summary>What the local host reads of host.json; it must lie beside the app's DLL, as for the real worker.</summary>
internal sealed record HostJson(string RoutePrefix, IReadOnlyDictionary<string, LogLevel> LogLevels)
{
    public static HostJson Read(string directory)
    {
        var json = new ConfigurationBuilder().AddJsonFile(Path.Combine(directory, "host.json"), optional: true).Build();
        return new HostJson(
            (json["extensions:http:routePrefix"] ?? "api").Trim('/'),
            json.GetSection("logging:logLevel").Get<Dictionary<string, LogLevel>>() ?? []);
    }
}
