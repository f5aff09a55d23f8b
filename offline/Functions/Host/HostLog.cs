using Microsoft.Extensions.Logging;

namespace AuthFunctions.Offline.Functions;

internal static partial class HostLog
{
    [LoggerMessage(1, LogLevel.Error, "Function {Name} failed.")]
    public static partial void FunctionFailed(ILogger logger, Exception fault, string name);

    [LoggerMessage(2, LogLevel.Warning, "Timer {Name} runs late: it was due at {Due:u}.")]
    public static partial void TimerLate(ILogger logger, string name, DateTimeOffset due);

    [LoggerMessage(3, LogLevel.Warning, "Timer {Name} missed its run of {Due:u}: the one before still ran.")]
    public static partial void TimerMissed(ILogger logger, string name, DateTimeOffset due);
}
