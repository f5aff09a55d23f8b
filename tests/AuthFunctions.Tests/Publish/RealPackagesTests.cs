using System.Text.Json.Nodes;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Publish;

/// <summary>What the project asks for when it is published and when it is only built, as MSBuild evaluates it; nothing is restored.</summary>
public sealed class RealPackagesTests
{
    private static readonly string[] AzurePackages =
    [
        "Azure.Data.Tables", "Microsoft.Azure.Functions.Worker", "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore",
        "Microsoft.Azure.Functions.Worker.Extensions.Timer", "Microsoft.Azure.Functions.Worker.Sdk",
    ];

    [Fact]
    public void Publishing_asks_for_the_real_packages_and_compiles_for_the_platform()
    {
        var (properties, packages, projects) = Evaluate("-p:_IsPublishing=true");

        Assert.Equal("none", properties["Offline"]);
        Assert.Equal("linux-x64", properties["RuntimeIdentifier"]);
        Assert.Equal("true", properties["PublishReadyToRun"]);
        Assert.Equal("false", properties["SelfContained"]);
        Assert.Empty(AzurePackages.Except(packages));
        Assert.Empty(projects);
    }

    [Fact]
    public void Building_asks_for_none_of_them_and_for_no_platform()
    {
        var (properties, packages, projects) = Evaluate();

        Assert.Equal("all", properties["Offline"]);
        Assert.Equal("", properties["RuntimeIdentifier"]);
        Assert.Equal("", properties["PublishReadyToRun"]);
        Assert.Empty(AzurePackages.Intersect(packages));
        Assert.Equal(2, projects.Count);
    }

    private static (Dictionary<string, string> Properties, List<string> Packages, List<string> Projects) Evaluate(params string[] more)
    {
        var (code, output) = PublishRun.Dotnet(
            Azurite.RepositoryRoot,
            ["msbuild", "functions/AuthFunctions.csproj", "-p:Configuration=Release", "-getProperty:Offline,RuntimeIdentifier,PublishReadyToRun,SelfContained",
                "-getItem:PackageReference,ProjectReference", .. more]);
        Assert.True(code == 0, output);
        var evaluated = JsonNode.Parse(output)!;
        return (
            evaluated["Properties"]!.AsObject().ToDictionary(p => p.Key, p => (string)p.Value!),
            [.. evaluated["Items"]!["PackageReference"]!.AsArray().Select(i => (string)i!["Identity"]!)],
            [.. evaluated["Items"]!["ProjectReference"]!.AsArray().Select(i => (string)i!["Identity"]!)]);
    }
}
