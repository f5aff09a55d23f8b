using System.Net;
using System.Net.Http.Json;
using AuthFunctions.Offline.Functions;
using AuthFunctions.Tests.Fixtures;
using Azure.Storage.Queues;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Tests.Offline;

/// <summary>Queue functions in the local Functions host, on Azurite.</summary>
public sealed class QueueFunctionsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string folder = Directory.CreateTempSubdirectory("authfunctions-queue-").FullName;
    private readonly string queue = "q" + Guid.NewGuid().ToString("N")[..12];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_message_runs_its_function_once_and_is_gone()
    {
        using var host = Build(Azurite.Queues.ConnectionString);
        await host.StartAsync();
        await SendAsync("a message");

        await WaitAsync(() => host.Services.GetRequiredService<SampleMessages>().Taken.Count == 1);
        await host.StopAsync();

        Assert.Equal(["a message"], host.Services.GetRequiredService<SampleMessages>().Taken);
        Assert.Empty(await QueueReading.Of(queue).TakeAsync(default));
    }

    [Fact]
    public async Task A_message_that_fails_five_times_is_put_aside_and_the_next_one_is_not_held_up()
    {
        using var host = Build(Azurite.Queues.ConnectionString);
        await host.StartAsync();
        await SendAsync("fail");
        await SendAsync("work");

        await WaitAsync(() => host.Services.GetRequiredService<SampleMessages>().Taken.Count(m => m == "fail") == 5);
        var poisoned = new List<string>();
        await WaitAsync(async () =>
        {
            poisoned.AddRange((await QueueReading.Of(queue + "-poison").TakeAsync(default)).Select(m => m.Text));
            return poisoned.Count > 0;
        });
        await host.StopAsync();

        Assert.Equal(["fail"], poisoned);
        Assert.Equal(5, host.Services.GetRequiredService<SampleMessages>().Taken.Count(m => m == "fail"));
        Assert.Single(host.Services.GetRequiredService<SampleMessages>().Taken, m => m == "work");
    }

    [Fact]
    public async Task A_queue_function_runs_by_hand_for_a_message()
    {
        using var host = Build("");
        await host.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };

        using var response = await http.PostAsJsonAsync(new Uri("/admin/functions/samplequeue", UriKind.Relative), new { input = "by hand" });

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(["by hand"], host.Services.GetRequiredService<SampleMessages>().Taken);
        await host.StopAsync();
    }

    [Theory]
    [InlineData("Outbox")]
    [InlineData("a")]
    [InlineData("a--b")]
    [InlineData("-ab")]
    public async Task A_name_that_no_queue_can_have_keeps_the_app_from_starting(string name)
    {
        using var host = Build("", name);

        var fault = await Assert.ThrowsAsync<FunctionLoadException>(() => host.StartAsync());

        Assert.Contains($"'{name}' is no name of a queue", fault.Message, StringComparison.Ordinal);
    }

    private IHost Build(string connection, string? name = null)
    {
        var builder = new FunctionsApplicationBuilder(new LocalApp(typeof(QueueFunctionsTests).Assembly, [typeof(SampleQueueReader)], folder, ["--port", "0"]));
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("AzureWebJobsStorage", connection), new("Sample:Queue", name ?? queue)]);
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton<SampleMessages>();
        return builder.Build();
    }

    private async Task SendAsync(string message)
    {
        var client = new QueueClient(Azurite.Queues.ConnectionString, queue, new(QueueClientOptions.ServiceVersion.V2020_12_06) { MessageEncoding = QueueMessageEncoding.Base64 });
        await client.CreateIfNotExistsAsync();
        await client.SendMessageAsync(message);
    }

    private static Task WaitAsync(Func<bool> until) => WaitAsync(() => Task.FromResult(until()));

    private static async Task WaitAsync(Func<Task<bool>> until)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (!await until())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "It took too long.");
            await Task.Delay(20);
        }
    }
}

/// <summary>What <see cref="SampleQueueReader"/> was run for.</summary>
public sealed class SampleMessages
{
    public System.Collections.Concurrent.ConcurrentQueue<string> Taken { get; } = new();
}

public sealed class SampleQueueReader(SampleMessages messages)
{
    [Function("SampleQueue")]
    public Task RunAsync([QueueTrigger("%Sample:Queue%")] string message, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        messages.Taken.Enqueue(message);
        return message == "fail" ? throw new InvalidOperationException("as asked") : Task.CompletedTask;
    }
}
