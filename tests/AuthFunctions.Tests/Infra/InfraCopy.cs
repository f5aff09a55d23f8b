using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Infra;

/// <summary>
/// Copies of infra/, with the parameters of the example in docs/deploy.md, and what scripts/lib/infra-check.mjs reads in them. A copy
/// may have a fault planted in it. The script reads all copies in one run.
/// </summary>
internal static partial class InfraCopy
{
    private static readonly string Source = Path.Combine(Azurite.RepositoryRoot, "infra");

    /// <summary>infra/ as it is, under the example of docs/deploy.md, its sites in the second step: one domain kept, one new.</summary>
    public static InfraFacts Example => Everything.Value[0];

    /// <summary>infra/ as it is, under main.parameters.json alone.</summary>
    public static InfraFacts Untouched => Everything.Value[1];

    private static Lazy<IReadOnlyList<InfraFacts>> Everything { get; } = new(() => Read([new("", "", ""), .. PlantedFaults.All], untouched: true));

    /// <summary>What is read in the copy with this fault.</summary>
    public static InfraFacts With(PlantedFault fault) => Everything.Value[2 + PlantedFaults.All.ToList().IndexOf(fault)];

    private static InfraFacts[] Read(IReadOnlyList<PlantedFault> faults, bool untouched)
    {
        var temporary = Directory.CreateTempSubdirectory("authfunctions-infra-").FullName;
        try
        {
            var folders = faults.Select((fault, index) => Copy(fault, Path.Combine(temporary, $"{index}"), example: true)).ToList();
            if (untouched)
            {
                folders.Insert(1, Copy(faults[0], Path.Combine(temporary, "untouched"), example: false));
            }

            var read = JsonNode.Parse(Run(folders))!.AsArray();
            return [.. read.Select(facts => new InfraFacts(facts!))];
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private static string Copy(PlantedFault fault, string folder, bool example)
    {
        foreach (var file in Directory.EnumerateFiles(Source, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(Source, file).Replace('\\', '/');
            var text = File.ReadAllText(file);
            if (name == fault.File)
            {
                Assert.True(text.Contains(fault.Find, StringComparison.Ordinal), $"infra/{name} no longer says: {fault.Find}");
                text = text.Replace(fault.Find, fault.Replacement, StringComparison.Ordinal);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.WriteAllText(Path.Combine(folder, name), text);
        }

        if (example)
        {
            var documentation = File.ReadAllText(Path.Combine(Azurite.RepositoryRoot, "docs", "deploy.md"));
            var parameters = JsonNode.Parse("{" + JsonBlock().Match(documentation).Groups[1].Value + "}")!;
            parameters["sites"]!["value"]!["contoso"]!["domain"] = "keep";
            parameters["sites"]!["value"]!["fabrikam"]!["domain"] = "bind";
            File.WriteAllText(Path.Combine(folder, "example.parameters.json"), new JsonObject { ["parameters"] = parameters }.ToJsonString());
        }

        return folder;
    }

    private static string Run(IEnumerable<string> folders)
    {
        Azurite.EnsurePackages();
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = Azurite.RepositoryRoot,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("scripts/lib/infra-check.mjs");
        folders.ToList().ForEach(start.ArgumentList.Add);
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        var output = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, errors.Result);
        return output;
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
