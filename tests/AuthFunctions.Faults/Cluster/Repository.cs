using System.Text.Json;

namespace AuthFunctions.Faults.Cluster;

/// <summary>Where the repository is, and what of it a run needs.</summary>
internal static class Repository
{
    /// <summary>The folder of AuthFunctions.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>What another project of the repository was built to, in the same configuration as this one.</summary>
    public static string Built(string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Root, "tests", project, "bin", output.Parent!.Name, output.Name, project + ".dll");
    }

    /// <summary>The values of local.settings.sample.json, as <c>Section:Name</c>.</summary>
    public static Dictionary<string, string?> SampleSettings()
    {
        using var sample = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "local.settings.sample.json")));
        return sample.RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(v => v.Name.Replace("__", ":", StringComparison.Ordinal), v => v.Value.GetString(), StringComparer.Ordinal);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AuthFunctions.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds AuthFunctions.sln.");
    }
}
