using System.Reflection.PortableExecutable;
using Xunit.Abstractions;

namespace AuthFunctions.Tests.Publish;

/// <summary>What <c>dotnet publish</c> leaves for <c>azd up</c> to upload, built from a copy of the sources with a developer's settings beside them.</summary>
public sealed class PublishTests(PublishRun run, ITestOutputHelper output) : IClassFixture<PublishRun>
{
    private const long LargestBytes = 40_000_000;

    [Fact]
    public void What_is_uploaded_holds_host_json_and_neither_local_settings_nor_the_paths_of_the_build() =>
        Assert.Empty(PublishedFolder.Faults(run.Output, run.Source));

    [Fact]
    public void Its_size_is_reported_and_stays_small_since_every_cold_start_loads_it()
    {
        var bytes = Directory.EnumerateFiles(run.Output, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length);
        output.WriteLine($"Published with stand-ins: {bytes:N0} bytes in {Directory.EnumerateFiles(run.Output, "*", SearchOption.AllDirectories).Count()} files.");

        Assert.InRange(bytes, 1_000_000, LargestBytes);
    }

    [Fact]
    public void It_is_compiled_ahead_of_time_for_the_platforms_processor()
    {
        using var file = File.OpenRead(Path.Combine(run.Output, "AuthFunctions.dll"));
        using var assembly = new PEReader(file);

        // ReadyToRun code hangs on the managed native header; plain IL has none.
        Assert.True(assembly.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0);
    }

    [Theory]
    [InlineData("host.json", "", "host.json is missing")]
    [InlineData("", "local.settings.json", "local.settings.json holds the settings of somebody's laptop")]
    [InlineData("", "AuthFunctions.pdb", "AuthFunctions.pdb tells where it was built")]
    public void A_planted_fault_is_found(string removed, string added, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("authfunctions-published-").FullName;
        try
        {
            foreach (var name in new[] { "host.json", "AuthFunctions.dll", "AuthFunctions.deps.json", "AuthFunctions.runtimeconfig.json", added })
            {
                if (name.Length > 0 && name != removed)
                {
                    File.WriteAllText(Path.Combine(folder, name), name == added ? "/home/somebody/auth/functions/Program.cs" : "{}");
                }
            }

            Assert.Contains(expected, PublishedFolder.Faults(folder, "/home/somebody/auth"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
