using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.SigningKeys;

/// <summary>
/// Hourly: makes the key that is due and the one that must stand by. The host runs a timer on one instance; should two run it, one key is
/// made.
/// </summary>
public sealed partial class KeyRotationFunction(IKeySource source, KeyRing ring, ILogger<KeyRotationFunction> logger)
{
    [Function("KeyRotation")]
    public async Task RunAsync([TimerTrigger("0 7 * * * *")] TimerInfo timer, CancellationToken ct)
    {
        var done = await source.MaintainAsync(ct);
        ring.Forget();
        LogDone(logger, done, timer.IsPastDue);
    }

    [LoggerMessage(1, LogLevel.Information, "Key rotation: {Done}; past due: {PastDue}")]
    private static partial void LogDone(ILogger logger, string done, bool pastDue);
}
