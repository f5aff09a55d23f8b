using System.Diagnostics;
using System.Text.Json;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Offline;

/// <summary>What the property Offline does to the app's project: the stand-ins are for building and running, and nothing of them is ever published.</summary>
public class OfflinePropertyTests
{
    private static readonly string[] RealPackages =
    [
        "Azure.Data.Tables", "Azure.Storage.Queues", "Microsoft.Azure.Functions.Worker",
        "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore", "Microsoft.Azure.Functions.Worker.Extensions.Storage.Queues",
        "Microsoft.Azure.Functions.Worker.Extensions.Timer", "Microsoft.Azure.Functions.Worker.Sdk",
    ];

    [Fact]
    public async Task Publishing_takes_the_real_packages_by_itself_for_linux_and_precompiled()
    {
        var project = await EvaluateAsync("-p:_IsPublishing=true");

        Assert.Equal("none", Property(project, "Offline"));
        Assert.Equal("linux-x64", Property(project, "RuntimeIdentifier"));
        Assert.Equal("true", Property(project, "PublishReadyToRun"));
        Assert.Equal("v4", Property(project, "AzureFunctionsVersion"));
        Assert.True(Guid.TryParse(Property(project, "UserSecretsId"), out _));
        Assert.Empty(RealPackages.Except(Items(project, "PackageReference"), StringComparer.Ordinal));
        Assert.Empty(Items(project, "ProjectReference"));
    }

    [Fact]
    public async Task A_bare_clone_builds_with_the_stand_ins_for_any_platform()
    {
        var project = await EvaluateAsync();

        Assert.Equal("all", Property(project, "Offline"));
        Assert.Equal("", Property(project, "RuntimeIdentifier"));
        Assert.NotEqual("true", Property(project, "PublishReadyToRun"));
        Assert.Empty(RealPackages.Intersect(Items(project, "PackageReference"), StringComparer.Ordinal));
        Assert.Equal(2, Items(project, "ProjectReference").Count);
    }

    [Fact]
    public async Task With_the_local_host_alone_the_tables_and_queues_are_real()
    {
        var project = await EvaluateAsync("-p:Offline=host");

        Assert.Equal(["Azure.Data.Tables", "Azure.Storage.Queues"], RealPackages.Intersect(Items(project, "PackageReference"), StringComparer.Ordinal));
        Assert.Contains("AuthFunctions.Offline.Functions.csproj", Assert.Single(Items(project, "ProjectReference")), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> EvaluateAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Azurite.RepositoryRoot, RedirectStandardOutput = true };
        string[] all =
        [
            "msbuild", "functions/AuthFunctions.csproj", "-nologo",
            "-getProperty:Offline,RuntimeIdentifier,PublishReadyToRun,AzureFunctionsVersion,UserSecretsId",
            "-getItem:PackageReference,ProjectReference", .. arguments,
        ];
        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private static string Property(JsonElement project, string name) => project.GetProperty("Properties").GetProperty(name).GetString()!;

    private static List<string> Items(JsonElement project, string name) =>
        [.. project.GetProperty("Items").GetProperty(name).EnumerateArray().Select(i => i.GetProperty("Identity").GetString()!)];
}
