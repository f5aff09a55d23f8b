using Microsoft.Extensions.Configuration;

namespace AuthFunctions.Offline.Functions;

/// <summary><c>Values</c> of local.settings.json, which the Functions tools hand to the app as environment variables.</summary>
internal static class LocalSettings
{
    public static IReadOnlyDictionary<string, string?> Read(string directory)
    {
        var json = new ConfigurationBuilder().AddJsonFile(Path.Combine(directory, "local.settings.json"), optional: true).Build();
        return json.GetSection("Values")
            .AsEnumerable(makePathsRelative: true)
            .Where(pair => pair.Value is not null)
            .ToDictionary(
                pair => pair.Key.Replace("__", ":", StringComparison.Ordinal),
                pair => pair.Value,
                StringComparer.OrdinalIgnoreCase);
    }
}
