using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Faults.Cluster;

/// <summary>
/// One instance of the service: the product's own composition, of which only the clock is another. Its first line of input is its settings
/// (JSON); each further one is how many seconds its clock is ahead from then on, and is repeated on its output. It ends with its input.
/// </summary>
internal static class InstanceProgram
{
    public static async Task RunAsync()
    {
        var settings = JsonSerializer.Deserialize<Dictionary<string, string?>>(await Console.In.ReadLineAsync() ?? "{}")!;
        var clock = new InstanceClock { Offset = Seconds(await Console.In.ReadLineAsync()) };
        using var host = AuthFunctions.Program.Build(["--port", "0", "--environment", "Development"], builder =>
        {
            builder.Configuration.Sources.Clear();
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        });
        await host.StartAsync();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            clock.Offset = Seconds(line);
            Console.WriteLine($"clock {line}");
        }

        await host.StopAsync();
    }

    private static TimeSpan Seconds(string? text) =>
        TimeSpan.FromSeconds(double.Parse(text ?? "0", NumberStyles.Float, CultureInfo.InvariantCulture));
}
