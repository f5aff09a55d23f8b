using System.Text;

namespace AuthFunctions.Tests.Publish;

/// <summary>What must hold of the folder that a deployment uploads.</summary>
internal static class PublishedFolder
{
    /// <summary>What does not hold, as sentences. <paramref name="source"/> is the folder it was built in, which no file may name.</summary>
    public static IEnumerable<string> Faults(string folder, string source)
    {
        foreach (var needed in new[] { "host.json", "AuthFunctions.dll", "AuthFunctions.deps.json", "AuthFunctions.runtimeconfig.json" })
        {
            if (!File.Exists(Path.Combine(folder, needed)))
            {
                yield return $"{needed} is missing";
            }
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, path);
            if (Path.GetFileName(path).StartsWith("local.settings", StringComparison.OrdinalIgnoreCase))
            {
                yield return $"{name} holds the settings of somebody's laptop";
            }

            var content = File.ReadAllBytes(path);
            if (new[] { Encoding.UTF8, Encoding.Unicode }.Any(encoding => content.AsSpan().IndexOf(encoding.GetBytes(source)) >= 0))
            {
                yield return $"{name} tells where it was built";
            }
        }
    }
}
