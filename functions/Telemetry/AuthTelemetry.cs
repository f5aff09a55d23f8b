using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace AuthFunctions.Telemetry;

/// <summary>
/// What the service measures of itself, under the names of OpenTelemetry's semantic conventions where there are any. No tag holds anything of a
/// request but a fixed word: no URL, no query string, no id.
/// </summary>
public static class AuthTelemetry
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "AuthFunctions";

    /// <summary>Calls to storage and to the vault, as client spans.</summary>
    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> SignIns =
        Meter.CreateCounter<long>("authfunctions.sign_ins", "{sign_in}", "Password sign-ins by outcome");
    private static readonly Counter<long> Refreshes =
        Meter.CreateCounter<long>("authfunctions.refreshes", "{refresh}", "Refreshes by outcome");
    private static readonly Counter<long> Reuses =
        Meter.CreateCounter<long>("authfunctions.refresh_token.reuses", "{reuse}", "Sessions ended because a used refresh token came back");
    private static readonly Counter<long> Handoffs =
        Meter.CreateCounter<long>("authfunctions.handoffs", "{handoff}", "Handoffs at the target by outcome");

    private static readonly Histogram<double> Tables =
        Meter.CreateHistogram<double>("db.client.operation.duration", "s", "Duration of table operations");
    private static readonly Histogram<double> Vault =
        Meter.CreateHistogram<double>("authfunctions.key_vault.operation.duration", "s", "Duration of Key Vault operations");

    /// <summary>Counts a sign-in; <paramref name="outcome"/> is <c>success</c> or a problem's code.</summary>
    public static void SignedIn(string outcome) => SignIns.Add(1, Outcome(outcome));

    /// <summary>Counts a refresh; <paramref name="outcome"/> is <c>rotated</c>, <c>repeated</c>, <c>by_cookie</c> or an OAuth error.</summary>
    public static void Refreshed(string outcome) => Refreshes.Add(1, Outcome(outcome));

    /// <summary>Counts a reuse.</summary>
    public static void Reused() => Reuses.Add(1);

    /// <summary>Counts a handoff; <paramref name="outcome"/> is <c>success</c>, <c>other_person</c> or an error.</summary>
    public static void HandedOff(string outcome) => Handoffs.Add(1, Outcome(outcome));

    /// <summary>Measures an operation on a table.</summary>
    public static Task<T> OnTableAsync<T>(string operation, string table, Func<Task<T>> work) => MeasureAsync(
        Tables,
        $"{operation} {table}",
        [new("db.system.name", "azure.tables"), new("db.operation.name", operation), new("db.collection.name", table)],
        work);

    /// <summary>Measures an operation of the vault. <c>error.type</c> tells throttling (429) from the rest.</summary>
    public static Task<T> OnVaultAsync<T>(string operation, Func<Task<T>> work) =>
        MeasureAsync(Vault, $"key_vault {operation}", [new("authfunctions.key_vault.operation", operation)], work);

    private static async Task<T> MeasureAsync<T>(Histogram<double> histogram, string name, KeyValuePair<string, object?>[] tags, Func<Task<T>> work)
    {
        using var activity = Source.StartActivity(name, ActivityKind.Client, default(ActivityContext), tags);
        var began = Stopwatch.GetTimestamp();
        var asked = work();
        await ((Task)asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (asked.IsCompletedSuccessfully)
        {
            histogram.Record(took, tags);
        }
        else
        {
            var error = ErrorType(asked.Exception?.InnerException);
            histogram.Record(took, [.. tags, new("error.type", error)]);
            activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error);
        }

        return await asked;
    }

    /// <summary>A status, where the other side answered; else what kind of trouble kept it from answering. Never a message.</summary>
    private static string ErrorType(Exception? failure) => failure switch
    {
        null => "canceled",
        Azure.RequestFailedException { Status: > 0 } answered => answered.Status.ToString(CultureInfo.InvariantCulture),
        _ => failure.GetType().Name,
    };

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("outcome", outcome);
}
