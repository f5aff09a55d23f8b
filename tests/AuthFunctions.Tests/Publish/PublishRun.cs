using System.Diagnostics;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Publish;

/// <summary>
/// One <c>dotnet publish</c> with the stand-ins, of a copy of the sources: the build of the repository itself may be under way, and it must
/// show that a local.settings.json that is there stays behind.
/// </summary>
public sealed class PublishRun : IDisposable
{
    private static readonly string[] Folders = ["functions", "offline"];

    private readonly string temporary = Directory.CreateTempSubdirectory("authfunctions-publish-").FullName;

    public PublishRun()
    {
        Source = Path.Combine(temporary, "source");
        Output = Path.Combine(temporary, "published");
        foreach (var file in Directory.EnumerateFiles(Azurite.RepositoryRoot).Concat(
            Folders.SelectMany(folder => Sources(Path.Combine(Azurite.RepositoryRoot, folder)))))
        {
            var copy = Path.Combine(Source, Path.GetRelativePath(Azurite.RepositoryRoot, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        File.Copy(Path.Combine(Source, "local.settings.sample.json"), Path.Combine(Source, "local.settings.json"), overwrite: true);
        var (code, text) = Dotnet(Source, "publish", "functions", "-c", "Release", "-p:Offline=all", "--disable-build-servers", "-o", Output);
        if (code != 0)
        {
            // Most likely the package Microsoft.NETCore.App.Crossgen2.linux-x64, which compiles ahead of time, is not on the feed.
            throw new InvalidOperationException($"dotnet publish ended with {code}. It said: {text}");
        }
    }

    /// <summary>The copy that was published.</summary>
    public string Source { get; }

    /// <summary>What would be uploaded.</summary>
    public string Output { get; }

    public static (int Code, string Output) Dotnet(string folder, params string[] arguments)
    {
        // Without a terminal, which it might ask or adjust.
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        arguments.ToList().ForEach(start.ArgumentList.Add);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        // Those of the test run that this one is part of.
        foreach (var inherited in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.Ordinal) && k != "MSBUILDDISABLENODEREUSE").ToList())
        {
            start.Environment.Remove(inherited);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    public void Dispose() => Directory.Delete(temporary, recursive: true);

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
}
