using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AuthFunctions.Tests.Offline;

/// <summary>The local Functions host. Where settings come from, and which goes before which.</summary>
public sealed class HostSettingsTests : SampleHost
{
    [Fact]
    public void Local_settings_are_below_the_environment_and_arguments_above_all()
    {
        var unique = $"SAMPLE_{Guid.NewGuid():N}";
        File.WriteAllText(Path.Combine(Folder, "appsettings.json"), $$"""{ "{{unique}}": { "A": "file", "E": "file" } }""");
        File.WriteAllText(Path.Combine(Folder, "local.settings.json"), $$"""
            {
              // As the Functions tools take it.
              "Values": { "{{unique}}__A": "values", "{{unique}}__B": "values", "{{unique}}:C": "values", "{{unique}}__D": 5 }
            }
            """);
        Environment.SetEnvironmentVariable($"{unique}__B", "variable");
        Environment.SetEnvironmentVariable($"{unique}__C", "variable");
        try
        {
            var section = Builder([], $"--{unique}:C", "argument").Configuration.GetSection(unique);

            Assert.Equal(
                ["values", "variable", "argument", "5", "file"],
                "ABCDE".Select(key => section[$"{key}"]));
        }
        finally
        {
            Environment.SetEnvironmentVariable($"{unique}__B", null);
            Environment.SetEnvironmentVariable($"{unique}__C", null);
        }
    }

    [Fact]
    public async Task The_environment_is_named_by_an_argument_and_its_settings_are_read()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "appsettings.Rehearsal.json"), """{ "Sample": "rehearsed" }""");
        await using var app = await StartAsync([], arguments: ["--environment", "Rehearsal"]);

        var environment = app.Host.Services.GetRequiredService<IHostEnvironment>();

        Assert.Equal("Rehearsal", environment.EnvironmentName);
        Assert.Equal(Folder, environment.ContentRootPath.TrimEnd(Path.DirectorySeparatorChar));
        Assert.Equal("AuthFunctions.Tests", environment.ApplicationName);
        Assert.Equal("rehearsed", app.Host.Services.GetRequiredService<IConfiguration>()["Sample"]);
    }
}
