using System.Net;
using System.Net.Http.Json;
using AuthFunctions.Offline.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Tests.Offline;

/// <summary>The local Functions host. Timers, by hand and by their schedule.</summary>
public sealed class HostTimerTests : SampleHost
{
    [Fact]
    public async Task A_timer_runs_by_hand_and_has_ended_when_202_comes()
    {
        await using var app = await StartAsync([typeof(SampleTimers)], Timers);

        using var response = await PostAsync(app, "/admin/functions/yearly");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(["Yearly, request: False, status: False"], app.Host.Services.GetRequiredService<List<string>>());
    }

    [Theory]
    [InlineData("text/plain", "{}", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", "", HttpStatusCode.BadRequest)]
    public async Task A_timer_is_not_run_without_a_JSON_body(string type, string body, HttpStatusCode status)
    {
        await using var app = await StartAsync([typeof(SampleTimers)], Timers);

        using var response = await app.Http.PostAsync(
            new Uri("/admin/functions/Yearly", UriKind.Relative), new StringContent(body, null, type));

        Assert.Equal(status, response.StatusCode);
        Assert.Empty(app.Host.Services.GetRequiredService<List<string>>());
    }

    [Fact]
    public async Task A_timer_that_throws_is_logged_and_the_host_lives_on()
    {
        await using var app = await StartAsync([typeof(SampleTimers), typeof(SampleAnswers)], builder =>
        {
            Timers(builder);
            builder.Logging.AddProvider(new SampleLog());
        });

        using var ran = await PostAsync(app, "/admin/functions/Broken");
        using var alive = await app.SendAsync("GET", "/Nothing");

        Assert.Equal(HttpStatusCode.Accepted, ran.StatusCode);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        var log = Assert.IsType<SampleLog>(app.Host.Services.GetServices<ILoggerProvider>().Last());
        Assert.Contains("Function.Broken: Function Broken failed. (a timer's fault)", log.Lines);
    }

    [Fact]
    public async Task A_timer_is_never_run_twice_at_once()
    {
        await using var app = await StartAsync([typeof(SampleSlowTimer)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddSingleton<SampleGauge>();
        });

        var responses = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostAsync(app, "/admin/functions/Slow")));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.Accepted, response.StatusCode));
        Assert.Equal(1, app.Host.Services.GetRequiredService<SampleGauge>().Most);
        Array.ForEach(responses, response => response.Dispose());
    }

    [Fact]
    public async Task A_timer_fires_by_its_schedule_which_a_setting_may_hold()
    {
        await using var app = await StartAsync([typeof(SampleScheduled)], EverySecond);

        var info = await app.Host.Services.GetRequiredService<SampleFired>().Task.WaitAsync(Patience);

        Assert.False(info.IsPastDue);
        Assert.Equal(0, info.ScheduleStatus!.Next.Millisecond);
        Assert.Equal(DateTimeKind.Utc, info.ScheduleStatus.Next.Kind);
    }

    [Fact]
    public async Task A_timer_that_a_setting_disables_keeps_no_schedule_and_runs_by_hand()
    {
        await using var app = await StartAsync([typeof(SampleScheduled)], builder =>
        {
            EverySecond(builder);
            builder.Configuration["AzureWebJobs.Scheduled.Disabled"] = "true";
        });
        var fired = app.Host.Services.GetRequiredService<SampleFired>().Task;

        await Task.Delay(TimeSpan.FromSeconds(2.2));
        Assert.False(fired.IsCompleted);
        using var response = await PostAsync(app, "/admin/functions/Scheduled");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.True(fired.IsCompleted);
    }

    [Theory]
    [InlineData(2, 0, "runs late: it was due at 2026-05-04 11:00:00Z. ()", true)]
    [InlineData(0, 2, "missed its run of 2026-05-04 12:00:00Z: the one before still ran. ()", false)]
    public async Task A_timer_tells_of_runs_that_came_late_or_not_at_all(int sleptHours, int ranHours, string line, bool pastDue)
    {
        using var ending = new CancellationTokenSource();
        using var log = new SampleLog();
        var clock = new SampleClock { Oversleeps = TimeSpan.FromHours(sleptHours) };
        await using var services = new ServiceCollection().BuildServiceProvider();
        var runs = new List<bool>();
        var function = FunctionLoader.Load([typeof(SampleHourly)], "", new ConfigurationBuilder().Build()).Functions.Single();
        using var job = new TimerJob(
            function,
            (Trigger.Timer)function.Trigger,
            async context =>
            {
                runs.Add(((LocalFunctionContext)context).Timer!.IsPastDue);
                clock.Now += TimeSpan.FromHours(ranHours);
                if (runs.Count == 2)
                {
                    await ending.CancelAsync();
                }
            },
            services.GetRequiredService<IServiceScopeFactory>(),
            log.CreateLogger("Function.Hourly"),
            clock);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.FollowScheduleAsync(ending.Token)).WaitAsync(Patience);

        Assert.Equal($"Function.Hourly: Timer Hourly {line}", log.Lines.First());
        Assert.Equal([pastDue, pastDue], runs);
    }

    private static void EverySecond(FunctionsApplicationBuilder builder)
    {
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton<SampleFired>();
        builder.Configuration["Sample:Schedule"] = "*/1 * * * * *";
    }

    private static void Timers(FunctionsApplicationBuilder builder)
    {
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton<List<string>>();
    }

    private static Task<HttpResponseMessage> PostAsync(RunningApp app, string path) =>
        app.Http.PostAsJsonAsync(new Uri(path, UriKind.Relative), new { input = "" });
}
