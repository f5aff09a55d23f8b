using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Telemetry;

/// <summary>
/// Writes what <see cref="AuthTelemetry"/> measured as log lines, one a metric and minute: the Functions host brings log lines to Application
/// Insights, with the app's identity and without another package, and the workbook in infra/ reads them. An idle service writes nothing.
/// </summary>
public sealed partial class MetricLog : BackgroundService
{
    private readonly ConcurrentDictionary<string, Tally> tallies = new(StringComparer.Ordinal);
    private readonly MeterListener listener = new();
    private readonly TimeSpan every;
    private readonly ILogger<MetricLog> logger;

    public MetricLog(IOptions<TelemetryOptions> options, ILogger<MetricLog> logger)
    {
        (every, this.logger) = (options.Value.LogEvery, logger);
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == AuthTelemetry.Name)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Count(instrument, value, tags));
    }

    /// <summary>Writes what was measured since the last time.</summary>
    public void Flush()
    {
        foreach (var (series, _) in tallies)
        {
            if (tallies.TryRemove(series, out var tally))
            {
                var (count, sum, most) = tally.Close();
                LogMetric(logger, series, count, Text(sum), Text(most));
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        listener.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (every == TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        listener.Start();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>An instance that is scaled in tells its last minute too, even one that has only just begun.</remarks>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Flush();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Flush();
        }
    }

    private void Count(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = string.Join(' ', [instrument.Name, .. tags.ToArray().Select(t => $"{t.Key}={t.Value}")]);
        while (!tallies.GetOrAdd(series, _ => new Tally()).TryAdd(value))
        {
            // It was written just now and is gone from the table.
        }
    }

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    [LoggerMessage(1, LogLevel.Information, "metric {Series} count={Count} sum={Sum} max={Most}")]
    private static partial void LogMetric(ILogger logger, string series, long count, string sum, string most);

    private sealed class Tally
    {
        private readonly Lock guard = new();
        private long count;
        private double sum;
        private double most;
        private bool closed;

        public bool TryAdd(double value)
        {
            lock (guard)
            {
                if (!closed)
                {
                    (count, sum, most) = (count + 1, sum + value, Math.Max(most, value));
                }

                return !closed;
            }
        }

        public (long Count, double Sum, double Most) Close()
        {
            lock (guard)
            {
                closed = true;
                return (count, sum, most);
            }
        }
    }
}
