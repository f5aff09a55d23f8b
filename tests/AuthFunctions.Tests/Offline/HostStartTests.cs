using AuthFunctions.Offline.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Tests.Offline;

/// <summary>The local Functions host. What does not start, and what it is told.</summary>
public sealed class HostStartTests : SampleHost
{
    [Theory]
    [InlineData(typeof(SampleOuter.Nested), "InNestedClass", "nested")]
    [InlineData(typeof(SampleOverloads), "OverloadOne", "two functions of this method name")]
    [InlineData(typeof(SampleHidden), "Hidden", "not public")]
    [InlineData(typeof(SampleAsyncVoid), "AsyncVoid", "async void")]
    [InlineData(typeof(SampleGeneric<>), "InGenericClass", "generic")]
    [InlineData(typeof(SampleAbstract), "InAbstractClass", "abstract")]
    [InlineData(typeof(SampleBadName), "1st", "a name is")]
    [InlineData(typeof(SampleNoTrigger), "NoTrigger", "one trigger")]
    [InlineData(typeof(SampleWrongTrigger), "WrongTrigger", "HttpRequest")]
    [InlineData(typeof(SampleUnbindable), "Unbindable", "'answer'")]
    [InlineData(typeof(SampleReserved), "Reserved", "admin/users")]
    [InlineData(typeof(SampleBadRoute), "BadRoute", "route")]
    [InlineData(typeof(SampleActionResult), "ActionResult", "IActionResult")]
    [InlineData(typeof(SampleScheduled), "Scheduled", "'Sample:Schedule'")]
    [InlineData(typeof(SampleNeverDue), "NeverDue", "names no day")]
    [InlineData(typeof(SampleRoot), "Root", "beside a catch-all")]
    [InlineData(typeof(SampleSameRoute), "SameRouteA, SameRouteB", "same method")]
    [InlineData(typeof(SampleSameName), "Twice", "several functions")]
    public async Task What_the_real_worker_would_not_load_fails_the_start_by_name(Type type, string name, string reason)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "host.json"), EmptyPrefix);
        var builder = Builder([type, typeof(SampleRoutes)]);
        builder.ConfigureFunctionsWebApplication();
        using var host = builder.Build();

        var refusal = await Assert.ThrowsAsync<FunctionLoadException>(() => host.StartAsync());

        Assert.Contains($"  {name}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_functions_are_those_of_the_assembly_that_made_the_builder()
    {
        var builder = FunctionsApplication.CreateBuilder(["--port", "0"]);
        builder.ConfigureFunctionsWebApplication();
        using var host = builder.Build();

        var refusal = await Assert.ThrowsAsync<FunctionLoadException>(() => host.StartAsync());

        Assert.Contains(typeof(SampleHidden).FullName!, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_without_the_web_integration_is_not_built()
    {
        var builder = Builder([]);

        var refusal = Assert.Throws<InvalidOperationException>(builder.Build);

        Assert.Contains("ConfigureFunctionsWebApplication", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_is_built_once()
    {
        var builder = Builder([]);
        builder.ConfigureFunctionsWebApplication();
        using var host = builder.Build();

        Assert.Throws<InvalidOperationException>(builder.Build);
    }

    [Fact]
    public void What_the_app_hushes_is_hushed_on_the_console_too()
    {
        var builder = Builder([]);
        builder.ConfigureFunctionsWebApplication();
        builder.Logging.AddSimpleConsole();
        builder.Logging.AddFilter("Chatty.Library", LogLevel.None);
        using var host = builder.Build();
        var loggers = host.Services.GetRequiredService<ILoggerFactory>();

        Assert.False(loggers.CreateLogger("Chatty.Library.Part").IsEnabled(LogLevel.Critical));
        Assert.True(loggers.CreateLogger("Chatty").IsEnabled(LogLevel.Warning));
    }
}
