using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using AuthFunctions.Offline.Functions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Tests.Offline;

/// <summary>The local Functions host, on sample functions (below) in folders of their own.</summary>
public sealed class FunctionsHostTests : IDisposable
{
    private const string EmptyPrefix = """{ "extensions": { "http": { "routePrefix": "" } } }""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string folder = Directory.CreateTempSubdirectory("authfunctions-host-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("GET", "/items/7", "item 7")]
    [InlineData("POST", "/items/7", "item 7")]
    [InlineData("GET", "/ITEMS/7/", "item 7")]
    [InlineData("GET", "/items/first", "the first")]
    [InlineData("GET", "/text/a%2Fb", "text a%2Fb")]
    [InlineData("PATCH", "/anything", "anything")]
    public async Task A_listed_path_and_method_reach_their_function(string method, string path, string answer)
    {
        await using var app = await StartAsync([typeof(SampleRoutes)]);

        using var response = await app.SendAsync(method, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/elsewhere")]
    [InlineData("GET", "/items/seven")]
    [InlineData("DELETE", "/items/7")]
    [InlineData("HEAD", "/items/7")]
    [InlineData("OPTIONS", "/items/7")]
    [InlineData("GET", "/runtime/webhooks")]
    public async Task What_no_function_lists_is_an_empty_404_and_never_405(string method, string path)
    {
        await using var app = await StartAsync([typeof(SampleRoutes)]);

        using var response = await app.SendAsync(method, path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(response.Content.Headers.Allow);
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "/", "GET /")]
    [InlineData("GET", "/items/seven", "GET /items/seven")]
    [InlineData("DELETE", "/items/7", "DELETE /items/7")]
    [InlineData("OPTIONS", "/items/7", "OPTIONS /items/7")]
    [InlineData("HEAD", "/items/7", "")]
    public async Task A_catch_all_takes_what_no_other_function_lists(string method, string path, string answer)
    {
        await using var app = await StartAsync([typeof(SampleRoutes), typeof(SampleCatchAll)]);

        using var response = await app.SendAsync(method, path);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_more_specific_route_wins_over_the_catch_all()
    {
        await using var app = await StartAsync([typeof(SampleCatchAll), typeof(SampleRoutes)]);

        Assert.Equal("the first", await app.Http.GetStringAsync(new Uri("/items/first", UriKind.Relative)));
    }

    [Fact]
    public async Task Middleware_runs_in_its_order_and_has_the_request_from_the_web_integration_on()
    {
        await using var app = await StartAsync([typeof(SampleRoutes)], builder =>
        {
            builder.Services.AddSingleton<List<string>>();
            builder.UseMiddleware<SampleFirst>();
            builder.ConfigureFunctionsWebApplication();
            builder.UseMiddleware<SampleSecond>();
        });

        using var response = await app.SendAsync("GET", "/items/7");

        Assert.Equal(
            ["first Item, request: False", "second Item, request: True", "second after", "first after"],
            app.Host.Services.GetRequiredService<List<string>>());
    }

    [Fact]
    public async Task Middleware_and_function_share_the_scope_of_the_request()
    {
        await using var app = await StartAsync([typeof(SampleScoped)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.UseMiddleware<SampleScopeReader>();
            builder.Services.AddScoped<SampleScope>();
        });

        var first = await app.Http.GetStringAsync(new Uri("/Scoped", UriKind.Relative));
        var second = await app.Http.GetStringAsync(new Uri("/Scoped", UriKind.Relative));

        var ids = first.Split(' ');
        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(ids[0], ids[2]);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task A_function_that_writes_nothing_answers_200_with_an_empty_body()
    {
        await using var app = await StartAsync([typeof(SampleAnswers)]);

        using var response = await app.SendAsync("GET", "/Nothing");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/ResultOfTask")]
    [InlineData("/ResultOfValueTask")]
    [InlineData("/Result")]
    public async Task A_returned_result_is_executed(string path)
    {
        await using var app = await StartAsync([typeof(SampleAnswers)]);

        using var response = await app.SendAsync("GET", path);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    [Fact]
    public async Task Other_returned_values_are_not_written()
    {
        await using var app = await StartAsync([typeof(SampleAnswers)]);

        Assert.Empty(await app.Http.GetStringAsync(new Uri("/Text", UriKind.Relative)));
    }

    [Fact]
    public async Task An_exception_before_the_first_byte_is_an_empty_500()
    {
        await using var app = await StartAsync([typeof(SampleAnswers)]);

        using var response = await app.SendAsync("GET", "/Throws");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.False(response.Headers.Contains("X-Sample"));
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_exception_after_the_first_byte_breaks_the_answer_off()
    {
        await using var app = await StartAsync([typeof(SampleBreakingOff)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddSingleton<SampleSignals>();
        });

        using var response = await app.Http.GetAsync(
            new Uri("/BreakingOff", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        app.Host.Services.GetRequiredService<SampleSignals>().Started.SetResult();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/number/12", HttpStatusCode.OK, "12 True True")]
    [InlineData("/number/twelve", HttpStatusCode.InternalServerError, "")]
    public async Task Route_values_are_converted_and_HttpContext_parameters_are_null(
        string path, HttpStatusCode status, string answer)
    {
        await using var app = await StartAsync([typeof(SampleAnswers)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddHttpContextAccessor();
        });

        using var response = await app.SendAsync("GET", path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_client_that_leaves_cancels_the_function()
    {
        await using var app = await StartAsync([typeof(SampleWaiting)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddSingleton<SampleSignals>();
        });
        var signals = app.Host.Services.GetRequiredService<SampleSignals>();
        using var leaving = new CancellationTokenSource();

        var request = app.Http.GetAsync(new Uri("/Waiting", UriKind.Relative), leaving.Token);
        await signals.Started.Task.WaitAsync(Patience);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await signals.Cancelled.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task The_host_stops_within_two_seconds_though_a_request_is_under_way()
    {
        await using var app = await StartAsync([typeof(SampleWaiting)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddSingleton<SampleSignals>();
        });
        var request = app.Http.GetAsync(new Uri("/Waiting", UriKind.Relative));
        await app.Host.Services.GetRequiredService<SampleSignals>().Started.Task.WaitAsync(Patience);

        await app.Host.StopAsync().WaitAsync(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => request);
    }

    [Fact]
    public async Task Kestrel_follows_the_options_of_the_app()
    {
        await using var app = await StartAsync([typeof(SampleAnswers)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.Configure<KestrelServerOptions>(options =>
            {
                options.AddServerHeader = false;
                options.Limits.MaxRequestBodySize = 10;
            });
        });

        using var small = await app.Http.PostAsync(new Uri("/Body", UriKind.Relative), new StringContent("0123456789"));
        using var large = await app.Http.PostAsync(new Uri("/Body", UriKind.Relative), new StringContent("0123456789a"));

        Assert.Empty(small.Headers.Server);
        Assert.Equal("10 bytes", await small.Content.ReadAsStringAsync());
        Assert.Equal("refused: 413", await large.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_server_names_itself_unless_told_otherwise()
    {
        await using var app = await StartAsync([typeof(SampleAnswers)]);

        using var response = await app.SendAsync("GET", "/Nothing");

        Assert.Equal("Kestrel", response.Headers.Server.ToString());
    }

    [Fact]
    public async Task A_client_cannot_send_forwarded_headers_to_a_function()
    {
        await using var app = await StartAsync([typeof(SampleAnswers)]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/Headers");
        foreach (var part in new[] { "For", "host", "Proto", "Prefix" })
        {
            request.Headers.Add($"X-Forwarded-{part}", "evil.example");
        }

        request.Headers.Add("Forwarded", "for=evil.example");

        using var response = await app.Http.SendAsync(request);

        Assert.Equal("Host", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_component_is_rendered_with_the_services_of_the_request()
    {
        await using var app = await StartAsync([typeof(SamplePage)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddRazorComponents();
            builder.Services.AddScoped<SampleScope>();
        });

        using var response = await app.SendAsync("GET", "/Page");

        var id = Assert.Single(response.Headers.GetValues("X-Scope"));
        Assert.Equal($"<p>{id} &lt;b&gt;</p>", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_timer_runs_by_hand_and_has_ended_when_202_comes()
    {
        await using var app = await StartAsync([typeof(SampleTimers)], Timers);

        using var response = await PostAsync(app, "/admin/functions/yearly");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(["Yearly, request: False, status: False"], app.Host.Services.GetRequiredService<List<string>>());
    }

    [Theory]
    [InlineData("POST", "/admin/functions/Nobody")]
    [InlineData("POST", "/admin/functions/CatchAll")]
    [InlineData("POST", "/admin/functions/")]
    [InlineData("POST", "/Admin/elsewhere")]
    [InlineData("GET", "/admin/functions/Yearly")]
    public async Task Other_paths_under_admin_are_404_and_reach_no_function(string method, string path)
    {
        await using var app = await StartAsync([typeof(SampleTimers), typeof(SampleCatchAll)], Timers);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = JsonContent.Create(new { input = "" });

        using var response = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(app.Host.Services.GetRequiredService<List<string>>());
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
        await using var app = await StartAsync([typeof(SampleScheduled)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddSingleton<SampleFired>();
            builder.Configuration["Sample:Schedule"] = "*/1 * * * * *";
        });

        var info = await app.Host.Services.GetRequiredService<SampleFired>().Task.WaitAsync(Patience);

        Assert.False(info.IsPastDue);
        Assert.Equal(0, info.ScheduleStatus!.Next.Millisecond);
        Assert.Equal(DateTimeKind.Utc, info.ScheduleStatus.Next.Kind);
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

    [Theory]
    [InlineData("0 0 3 * * *", "2026-05-04T02:59:59Z", "2026-05-04T03:00:00Z")]
    [InlineData("0 0 3 * * *", "2026-05-04T03:00:00Z", "2026-05-05T03:00:00Z")]
    [InlineData("* * * * * *", "2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00Z")]
    [InlineData("*/20 * * * * *", "2026-05-04T10:00:41Z", "2026-05-04T10:01:00Z")]
    [InlineData("0 5/25 * * * *", "2026-05-04T10:06:00Z", "2026-05-04T10:30:00Z")]
    [InlineData("0 5/25 * * * *", "2026-05-04T10:55:00Z", "2026-05-04T11:05:00Z")]
    [InlineData("0 10-20/5 * * * *", "2026-05-04T10:16:00Z", "2026-05-04T10:20:00Z")]
    [InlineData("0 0 1,13,22-23 * * *", "2026-05-04T13:00:00Z", "2026-05-04T22:00:00Z")]
    [InlineData("30 15 10 1 * *", "2026-01-31T12:00:00Z", "2026-02-01T10:15:30Z")]
    [InlineData("0 0 0 31 * *", "2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z")]
    [InlineData("0 0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 0 * * 0", "2026-05-04T00:00:00Z", "2026-05-10T00:00:00Z")]
    [InlineData("0 0 9 * * 1-5", "2026-05-08T09:00:00Z", "2026-05-11T09:00:00Z")]
    [InlineData("0 0 0 13 * 5", "2026-03-14T00:00:00Z", "2026-11-13T00:00:00Z")]
    [InlineData("0 0 0 1 6 *", "2026-05-04T23:00:00-02:00", "2026-06-01T00:00:00Z")]
    public void A_schedule_gives_its_next_occurrence(string schedule, string after, string next)
    {
        var culture = CultureInfo.InvariantCulture;

        var found = CronSchedule.Parse(schedule).Next(DateTimeOffset.Parse(after, culture));

        Assert.Equal(DateTimeOffset.Parse(next, culture), found);
    }

    [Theory]
    [InlineData("0 3 * * *", "six fields")]
    [InlineData("60 * * * * *", "'60' is no second: 0 to 59")]
    [InlineData("0 * 24 * * *", "'24' is no hour: 0 to 23")]
    [InlineData("0 0 0 0 * *", "'0' is no day: 1 to 31")]
    [InlineData("0 0 0 * * 7", "'7' is no weekday: 0 to 6")]
    [InlineData("0 20-10 * * * *", "'20-10' is no minute")]
    [InlineData("0 */0 * * * *", "'*/0' is no minute")]
    [InlineData("0 1, * * * *", "'' is no minute")]
    [InlineData("0 -1 * * * *", "'-1' is no minute")]
    [InlineData("0 0 0 * MAY *", "'MAY' is no month: 1 to 12")]
    public void A_schedule_with_a_mistake_is_refused(string schedule, string fault)
    {
        var refusal = Assert.Throws<FormatException>(() => CronSchedule.Parse(schedule));

        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "/api/Nothing")]
    [InlineData("""{ "version": "2.0" }""", "/api/Nothing")]
    [InlineData(EmptyPrefix, "/Nothing")]
    [InlineData("""{ "extensions": { "http": { "routePrefix": "v1/auth" } } }""", "/v1/auth/Nothing")]
    public async Task The_route_prefix_is_that_of_host_json_or_api(string? hostJson, string path)
    {
        await using var app = await StartAsync([typeof(SampleAnswers)], hostJson: hostJson);

        using var found = await app.SendAsync("GET", path);
        using var other = await app.SendAsync("GET", "/other/Nothing");

        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public void Local_settings_are_below_the_environment_and_arguments_above_all()
    {
        var unique = $"SAMPLE_{Guid.NewGuid():N}";
        File.WriteAllText(Path.Combine(folder, "appsettings.json"), $$"""{ "{{unique}}": { "A": "file", "E": "file" } }""");
        File.WriteAllText(Path.Combine(folder, "local.settings.json"), $$"""
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
        await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.Rehearsal.json"), """{ "Sample": "rehearsed" }""");
        await using var app = await StartAsync([], arguments: ["--environment", "Rehearsal"]);

        var environment = app.Host.Services.GetRequiredService<IHostEnvironment>();

        Assert.Equal("Rehearsal", environment.EnvironmentName);
        Assert.Equal(folder, environment.ContentRootPath.TrimEnd(Path.DirectorySeparatorChar));
        Assert.Equal("AuthFunctions.Tests", environment.ApplicationName);
        Assert.Equal("rehearsed", app.Host.Services.GetRequiredService<IConfiguration>()["Sample"]);
    }

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
        await File.WriteAllTextAsync(Path.Combine(folder, "host.json"), EmptyPrefix);
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

    [Theory]
    [InlineData("seven")]
    [InlineData("-1")]
    [InlineData("65536")]
    public async Task A_port_that_is_none_is_refused_with_its_limits(string port)
    {
        var builder = Builder([], "--port", port);
        builder.ConfigureFunctionsWebApplication();
        using var host = builder.Build();

        var refusal = await Assert.ThrowsAsync<FunctionLoadException>(() => host.StartAsync());

        Assert.Contains($"--port must be 0 to 65535, but is '{port}'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_fails_the_start()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var builder = Builder([], $"--port={port}");
        builder.ConfigureFunctionsWebApplication();
        using var host = builder.Build();

        var refusal = await Assert.ThrowsAsync<IOException>(() => host.StartAsync());

        Assert.Contains($"{port}", refusal.Message, StringComparison.Ordinal);
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

    private static void Timers(FunctionsApplicationBuilder builder)
    {
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton<List<string>>();
    }

    private static Task<HttpResponseMessage> PostAsync(RunningApp app, string path) =>
        app.Http.PostAsJsonAsync(new Uri(path, UriKind.Relative), new { input = "" });

    private FunctionsApplicationBuilder Builder(Type[] functions, params string[] arguments)
    {
        var app = new LocalApp(typeof(FunctionsHostTests).Assembly, functions, folder, arguments);
        var builder = new FunctionsApplicationBuilder(app);
        builder.Logging.ClearProviders();
        return builder;
    }

    private async Task<RunningApp> StartAsync(
        Type[] functions,
        Action<FunctionsApplicationBuilder>? configure = null,
        string? hostJson = EmptyPrefix,
        string[]? arguments = null)
    {
        if (hostJson is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "host.json"), hostJson);
        }

        var builder = Builder(functions, ["--port", "0", .. arguments ?? []]);
        (configure ?? (app => app.ConfigureFunctionsWebApplication()))(builder);
        var host = builder.Build();
        await host.StartAsync();
        return new RunningApp(host);
    }

    private sealed class RunningApp(IHost host) : IAsyncDisposable
    {
        public IHost Host => host;

        public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(
                host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
        };

        public async Task<HttpResponseMessage> SendAsync(string method, string path)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            return await Http.SendAsync(request);
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await host.StopAsync();
            host.Dispose();
        }
    }
}

// From here on: functions for these tests alone. Top-level and public because the worker asks for it; no product host sees them.

public static class SampleRoutes
{
    [Function("Item")]
    public static Task ItemAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "items/{id:int}")] HttpRequest request, int id) =>
        request.HttpContext.Response.WriteAsync($"item {id}");

    [Function("First")]
    public static Task FirstAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/first")] HttpRequest request) =>
        request.HttpContext.Response.WriteAsync("the first");

    [Function("TextOf")]
    public static Task TextAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "text/{text}")] HttpRequest request, string text) =>
        request.HttpContext.Response.WriteAsync($"text {text}");

    [Function("Anything")]
    public static Task AnythingAsync([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
        request.HttpContext.Response.WriteAsync("anything");
}

public static class SampleCatchAll
{
    [Function("CatchAll")]
    public static Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request)
    {
        request.HttpContext.Response.StatusCode = StatusCodes.Status202Accepted;
        return HttpMethods.IsHead(request.Method)
            ? Task.CompletedTask
            : request.HttpContext.Response.WriteAsync($"{request.Method} {request.Path}");
    }
}

public static class SampleAnswers
{
    [Function("Nothing")]
    public static Task NothingAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        Assert.NotNull(request);
        return Task.CompletedTask;
    }

    [Function("ResultOfTask")]
    public static async Task<IResult> ResultOfTaskAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        await Task.Yield();
        return Result(request);
    }

    [Function("ResultOfValueTask")]
    public static async ValueTask<IResult> ResultOfValueTaskAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        await Task.Yield();
        return Result(request);
    }

    [Function("Result")]
    public static IResult Result([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        Results.Conflict(request.Method);

    [Function("Text")]
    public static string Text([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => request.Method;

    [Function("Throws")]
    public static async ValueTask ThrowsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        request.HttpContext.Response.Headers["X-Sample"] = "set";
        await Task.Yield();
        throw new InvalidOperationException("a function's fault");
    }

    [Function("Number")]
    public static Task NumberAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "number/{number}")] HttpRequest request,
        int number,
        HttpContext? http,
        FunctionContext context)
    {
        var accessor = context.InstanceServices.GetRequiredService<IHttpContextAccessor>();
        return request.HttpContext.Response.WriteAsync($"{number} {http is null} {accessor.HttpContext is null}");
    }

    [Function("Body")]
    public static async Task BodyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, CancellationToken ct)
    {
        try
        {
            using var reader = new StreamReader(request.Body);
            var body = await reader.ReadToEndAsync(ct);
            await request.HttpContext.Response.WriteAsync($"{body.Length} bytes", ct);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException refusal)
        {
            await request.HttpContext.Response.WriteAsync($"refused: {refusal.StatusCode}", ct);
        }
    }

    [Function("Headers")]
    public static Task HeadersAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        request.HttpContext.Response.WriteAsync(string.Join(' ', request.Headers.Select(header => header.Key)));
}

public sealed class SampleScope
{
    public string Id { get; } = Guid.NewGuid().ToString();
}

public sealed class SampleScopeReader : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        context.Items["scope"] = context.InstanceServices.GetRequiredService<SampleScope>().Id;
        return next(context);
    }
}

public sealed class SampleScoped(SampleScope scope)
{
    [Function("Scoped")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context) =>
        request.HttpContext.Response.WriteAsync(
            $"{scope.Id} {context.Items["scope"]} {request.HttpContext.RequestServices.GetRequiredService<SampleScope>().Id}");
}

public sealed class SampleFirst(List<string> seen) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        seen.Add($"first {context.FunctionDefinition.Name}, request: {context.GetHttpContext() is not null}");
        await next(context);
        seen.Add("first after");
    }
}

public sealed class SampleSecond(List<string> seen) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        seen.Add($"second {context.FunctionDefinition.Name}, request: {context.GetHttpContext() is not null}");
        await next(context);
        seen.Add("second after");
    }
}

public sealed class SampleSignals
{
    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

public sealed class SampleWaiting(SampleSignals signals)
{
    [Function("Waiting")]
    public async Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken ct)
    {
        Assert.NotEqual(request.HttpContext.RequestAborted, ct);
        signals.Started.SetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, ct);
        }
        finally
        {
            signals.Cancelled.SetResult();
        }
    }
}

public sealed class SampleBreakingOff(SampleSignals signals)
{
    [Function("BreakingOff")]
    public async Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken ct)
    {
        await request.HttpContext.Response.WriteAsync("the beginning", ct);
        await request.HttpContext.Response.Body.FlushAsync(ct);

        // A reset overtakes what the client has not read yet, so it says when it has.
        await signals.Started.Task.WaitAsync(ct);
        throw new InvalidOperationException("a function's fault");
    }
}

public sealed class SampleComponent : ComponentBase
{
    [Inject]
    public required SampleScope Scope { get; init; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "p");
        builder.AddContent(1, $"{Scope.Id} <b>");
        builder.CloseElement();
    }
}

public sealed class SamplePage(SampleScope scope)
{
    [Function("Page")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        request.HttpContext.Response.Headers["X-Scope"] = scope.Id;
        return new RazorComponentResult<SampleComponent>().ExecuteAsync(request.HttpContext);
    }
}

public sealed class SampleTimers(List<string> ran)
{
    [Function("Yearly")]
    public void Yearly([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer, FunctionContext context) =>
        ran.Add($"{context.FunctionDefinition.Name}, request: {context.GetHttpContext() is not null}, "
            + $"status: {timer.ScheduleStatus is not null}");

    [Function("Broken")]
    public Task BrokenAsync([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) =>
        throw new InvalidOperationException(ran.Count == 0 && timer is not null ? "a timer's fault" : "run at a wrong moment");
}

public sealed class SampleGauge
{
    private int now;

    public int Most { get; private set; }

    public async Task MeasureAsync(CancellationToken ct)
    {
        Most = Math.Max(Most, Interlocked.Increment(ref now));
        await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        Interlocked.Decrement(ref now);
    }
}

public sealed class SampleSlowTimer(SampleGauge gauge)
{
    [Function("Slow")]
    public Task RunAsync([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer, CancellationToken ct)
    {
        Assert.False(timer.IsPastDue);
        return gauge.MeasureAsync(ct);
    }
}

public static class SampleHourly
{
    [Function("Hourly")]
    public static bool Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) => timer.IsPastDue;
}

/// <summary>A clock whose timers are due at once, and later than asked for by <see cref="Oversleeps"/>.</summary>
public sealed class SampleClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 5, 4, 10, 59, 30, TimeSpan.Zero);

    public TimeSpan Oversleeps { get; init; }

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Now += dueTime + Oversleeps;
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}

public sealed class SampleFired : TaskCompletionSource<TimerInfo>;

public sealed class SampleScheduled(SampleFired fired)
{
    [Function("Scheduled")]
    public void Run([TimerTrigger("%Sample:Schedule%")] TimerInfo timer) => fired.TrySetResult(timer);
}

public sealed class SampleLog : ILoggerProvider
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Lines);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{category}: {formatter(state, exception)} ({exception?.Message})");
    }
}

// What the real worker or host refuses, ignores or stumbles over.

public static class SampleOuter
{
    public static class Nested
    {
        [Function("InNestedClass")]
        public static string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Method;
    }
}

public static class SampleOverloads
{
    [Function("OverloadOne")]
    public static string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Method;

    [Function("OverloadTwo")]
    public static string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, CancellationToken ct) =>
        $"{request.Method} {ct.CanBeCanceled}";
}

public static class SampleHidden
{
    [Function("Hidden")]
    internal static string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Method;
}

public static class SampleAsyncVoid
{
    [Function("AsyncVoid")]
    public static async void Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
        await request.HttpContext.Response.CompleteAsync();
}

public sealed class SampleGeneric<T>
{
    [Function("InGenericClass")]
    public string Run(
        [HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => $"{request.Method} {typeof(T)} {GetHashCode()}";
}

public abstract class SampleAbstract
{
    [Function("InAbstractClass")]
    public string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => $"{request.Method} {GetHashCode()}";
}

public static class SampleBadName
{
    [Function("1st")]
    public static string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Method;
}

public static class SampleNoTrigger
{
    [Function("NoTrigger")]
    public static string Run(HttpRequest request) => request.Method;
}

public static class SampleWrongTrigger
{
    [Function("WrongTrigger")]
    public static string Run([HttpTrigger(AuthorizationLevel.Anonymous)] string request) => request;
}

public static class SampleUnbindable
{
    [Function("Unbindable")]
    public static string Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "unbindable/{id}")] HttpRequest request, int answer) =>
        $"{request.Method} {answer}";
}

public static class SampleReserved
{
    [Function("Reserved")]
    public static string Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "admin/users")] HttpRequest request) => request.Method;
}

public static class SampleBadRoute
{
    [Function("BadRoute")]
    public static string Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "bad/{id")] HttpRequest request) => request.Method;
}

public static class SampleActionResult
{
    [Function("ActionResult")]
    public static Task<Microsoft.AspNetCore.Mvc.IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
        Task.FromResult<Microsoft.AspNetCore.Mvc.IActionResult>(new Microsoft.AspNetCore.Mvc.OkObjectResult(request.Method));
}

public static class SampleNeverDue
{
    [Function("NeverDue")]
    public static bool Run([TimerTrigger("0 0 0 30 2 *")] TimerInfo timer) => timer.IsPastDue;
}

public static class SampleRoot
{
    [Function("Root")]
    public static string Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "")] HttpRequest request) => request.Method;
}

public static class SampleSameRoute
{
    [Function("SameRouteA")]
    public static string One([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "same")] HttpRequest request) =>
        request.Method;

    [Function("SameRouteB")]
    public static string Two(
        [HttpTrigger(AuthorizationLevel.Anonymous, "POST", Route = "Same")] HttpRequest request) => request.Method;
}

public static class SampleSameName
{
    [Function("Twice")]
    public static string One([HttpTrigger(AuthorizationLevel.Anonymous, Route = "one")] HttpRequest request) => request.Method;

    [Function("twice")]
    public static string Two([HttpTrigger(AuthorizationLevel.Anonymous, Route = "two")] HttpRequest request) => request.Method;
}
