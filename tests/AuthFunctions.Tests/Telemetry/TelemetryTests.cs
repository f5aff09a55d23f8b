using System.Diagnostics;
using System.Diagnostics.Metrics;
using AuthFunctions.Telemetry;
using AuthFunctions.Tests.Budgets;
using AuthFunctions.Tests.Fixtures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Telemetry;

/// <summary>Alone, because the meter is one for the whole process.</summary>
[Collection(RunsAlone.Name)]
public class TelemetryTests
{
    [Fact]
    public async Task Sign_ins_are_counted_by_outcome()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);

        var measured = await MeasuredAsync(async () =>
        {
            using var right = await browser.PostAsync(Contoso + "/login", new { email, password = Password });
            using var wrong = await browser.PostAsync(Contoso + "/login", new { email, password = "another long password" });
        });

        Assert.Equal(["authfunctions.sign_ins 1 outcome=success", "authfunctions.sign_ins 1 outcome=invalid_credentials"], measured.Of("authfunctions"));
    }

    [Fact]
    public async Task Refreshes_are_counted_by_what_came_of_them_and_a_reuse_by_itself()
    {
        await using var service = await StartAsync();
        using var app = service.NewBrowser();
        var (_, _, first) = await app.NativeAsync();

        var measured = await MeasuredAsync(async () =>
        {
            using var rotated = await app.PostAsync(Contoso + "/refresh", new { refresh_token = first }, origin: null);
            using var repeated = await app.PostAsync(Contoso + "/refresh", new { refresh_token = first }, origin: null);
            service.Clock.Advance(TimeSpan.FromMinutes(1));
            using var reused = await app.PostAsync(Contoso + "/refresh", new { refresh_token = first }, origin: null);
            Assert.Equal((200, 200, 401), ((int)rotated.StatusCode, (int)repeated.StatusCode, (int)reused.StatusCode));
        });

        Assert.Equal(
            [
                "authfunctions.refreshes 1 outcome=rotated", "authfunctions.refreshes 1 outcome=repeated", "authfunctions.refresh_token.reuses 1",
                "authfunctions.refreshes 1 outcome=invalid_grant",
            ],
            measured.Of("authfunctions"));
    }

    [Fact]
    public async Task Handoffs_are_counted_at_the_target_and_nothing_of_a_request_is_told()
    {
        await using var service = await StartOnAzuriteAsync();
        using var browser = await service.SignedInAsync();
        using var session = await browser.GetAsync(Contoso + "/session");
        var user = (await session.JsonAsync()).GetProperty("user");

        var accept = "";
        var measured = await MeasuredAsync(async () =>
        {
            accept = await browser.BeginHandoffAsync();
            await browser.ArriveAsync(accept);
            using var again = await browser.GetAsync(accept + "x");
        });

        var handoffs = measured.Of("authfunctions");
        Assert.Equal("authfunctions.handoffs 1 outcome=success", handoffs[0]);
        Assert.Equal(2, handoffs.Count);
        Assert.NotEqual(handoffs[0], handoffs[1]);
        var everything = string.Join('\n', measured.Lines);
        Assert.DoesNotContain(accept.Split("token=")[1][..20], everything, StringComparison.Ordinal);
        Assert.DoesNotContain("?", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("http", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(user.GetProperty("id").GetString()!, everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_to_the_vault_are_timed_and_throttling_is_told_from_the_rest()
    {
        await using var vault = await FakeVault.StartAsync();
        await using var service = await StartAsync(vault.Settings("KeyVault"), vault.Connect);
        using var browser = await service.SignedInAsync();
        await vault.SwitchAsync(new VaultFault("sign") { Status = 429 });

        var measured = await MeasuredAsync(async () =>
        {
            using var refused = await browser.PostAsync(Contoso + "/refresh");
            Assert.Equal(503, (int)refused.StatusCode);
            await vault.ResetAsync();
            using var refreshed = await browser.PostAsync(Contoso + "/refresh");
            Assert.Equal(200, (int)refreshed.StatusCode);
        });

        var calls = measured.Lines.Where(l => l.StartsWith("authfunctions.key_vault", StringComparison.Ordinal)).Select(l => l.Split(' ', 3)[2]).ToList();
        Assert.Contains("authfunctions.key_vault.operation=sign error.type=429", calls);
        Assert.Contains("authfunctions.key_vault.operation=sign", calls);
        Assert.Contains(measured.Lines, l => l.StartsWith("span key_vault sign", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Round_trips_to_tables_are_timed_by_operation_and_table()
    {
        var table = new MeasuredTableProbe();

        var measured = await MeasuredAsync(table.UseAsync);

        Assert.Equal(
            [
                "db.client.operation.duration db.system.name=azure.tables db.operation.name=commit db.collection.name=Users",
                "db.client.operation.duration db.system.name=azure.tables db.operation.name=find db.collection.name=Users",
                "db.client.operation.duration db.system.name=azure.tables db.operation.name=range db.collection.name=Users",
            ],
            measured.Lines.Where(l => l.StartsWith("db.", StringComparison.Ordinal)).Select(l => string.Join(' ', l.Split(' ').Where((_, i) => i != 1))));
        Assert.Contains(measured.Lines, l => l == "span commit Users");
    }

    [Fact]
    public async Task The_log_has_one_line_a_metric_with_count_sum_and_most_and_none_for_what_did_not_happen()
    {
        using var sink = new LogSink();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(sink));
        using var log = new MetricLog(Options.Create(new TelemetryOptions()), factory.CreateLogger<MetricLog>());
        await log.StartAsync(default);

        AuthTelemetry.SignedIn("success");
        AuthTelemetry.SignedIn("success");
        AuthTelemetry.SignedIn("blocked");
        AuthTelemetry.Reused();
        log.Flush();
        log.Flush();

        Assert.Equal(
            [
                "metric authfunctions.refresh_token.reuses count=1 sum=1 max=1",
                "metric authfunctions.sign_ins outcome=blocked count=1 sum=1 max=1",
                "metric authfunctions.sign_ins outcome=success count=2 sum=2 max=1",
            ],
            sink.Lines.Select(l => l[l.IndexOf("metric ", StringComparison.Ordinal)..].TrimEnd())
                .Where(IsCounter).Order(StringComparer.Ordinal));
        AuthTelemetry.HandedOff("success");
        await log.StopAsync(default);
        Assert.Contains(sink.Lines, l => l.Contains("metric authfunctions.handoffs outcome=success count=1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Printed_is_every_measurement_and_span_where_it_is_asked_for()
    {
        var console = new StringWriter();
        using var printer = new TelemetryPrinter(Options.Create(new TelemetryOptions { Print = true }), TextWriter.Synchronized(console));
        var silent = new StringWriter();
        using var off = new TelemetryPrinter(Options.Create(new TelemetryOptions()), silent);
        await printer.StartAsync(default);
        await off.StartAsync(default);

        AuthTelemetry.SignedIn("success");
        await AuthTelemetry.OnVaultAsync("sign", () => Task.FromResult(1));

        Assert.Contains("metric authfunctions.sign_ins 1 {sign_in} outcome=success", console.ToString(), StringComparison.Ordinal);
        Assert.Contains("span   key_vault sign ", console.ToString(), StringComparison.Ordinal);
        Assert.Equal("", silent.ToString());
    }

    /// <summary>Durations apart: a service that another test has just stopped may still end a call that nobody waits for.</summary>
    private static bool IsCounter(string line) => !line.Contains(".duration ", StringComparison.Ordinal);

    /// <summary>What is measured while something is done, in order: metric, value, tags; or a span's name and tags.</summary>
    private static async Task<Measured> MeasuredAsync(Func<Task> work)
    {
        var lines = new List<string>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "AuthFunctions")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        meters.Start();
        using var spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "AuthFunctions",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => Write($"span {span.DisplayName}"),
        };
        ActivitySource.AddActivityListener(spans);
        await work();
        return new Measured(lines);

        void Add<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            Write(string.Join(' ', [instrument.Name, $"{value}", .. tags.ToArray().Select(t => $"{t.Key}={t.Value}")]));

        void Write(string line)
        {
            lock (lines)
            {
                lines.Add(line);
            }
        }
    }

    private sealed record Measured(List<string> Lines)
    {
        /// <summary>Counters alone.</summary>
        public List<string> Of(string prefix) => [.. Lines.Where(l => l.StartsWith(prefix, StringComparison.Ordinal) && IsCounter(l))];
    }

    private sealed class MeasuredTableProbe
    {
        private readonly AuthFunctions.Storage.MeasuredTable table = new(new AuthFunctions.Storage.MemoryTable(), "Users");

        public async Task UseAsync()
        {
            await table.CommitAsync([new AuthFunctions.Storage.Change.Add(new("p", "k", new Dictionary<string, object> { ["A"] = 1 }))], default);
            await table.FindAsync("p", "k", default);
            Assert.Single(await table.RangeAsync("p", "a", "z", default).ToListAsync());
        }
    }
}
