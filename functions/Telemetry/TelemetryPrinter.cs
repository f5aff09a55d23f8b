using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Telemetry;

/// <summary>Prints every measurement and span of <see cref="AuthTelemetry"/> as it happens, one line each.</summary>
public sealed class TelemetryPrinter(IOptions<TelemetryOptions> options, TextWriter console) : IHostedService, IDisposable
{
    private readonly MeterListener meters = new();
    private ActivityListener? activities;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Print)
        {
            meters.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == AuthTelemetry.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Print(instrument, value, tags));
            meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Print(instrument, value, tags));
            meters.Start();
            activities = new ActivityListener
            {
                ShouldListenTo = source => source.Name == AuthTelemetry.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = span => console.WriteLine(
                    $"span   {span.DisplayName} {span.Duration.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture)} ms"),
            };
            ActivitySource.AddActivityListener(activities);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        meters.Dispose();
        activities?.Dispose();
    }

    private void Print<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        where T : IFormattable
    {
        var named = string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"));
        console.WriteLine($"metric {instrument.Name} {value.ToString(null, CultureInfo.InvariantCulture)} {instrument.Unit} {named}");
    }
}
