using Microsoft.Extensions.Logging;

namespace AuthFunctions.Offline.Functions;

internal static partial class HostLog
{
    [LoggerMessage(1, LogLevel.Error, "Function {Name} failed.")]
    public static partial void FunctionFailed(ILogger logger, Exception fault, string name);

    [LoggerMessage(2, LogLevel.Warning, "Timer {Name} runs late: it was due at {Due:u}.")]
    public static partial void TimerLate(ILogger logger, string name, DateTimeOffset due);

    [LoggerMessage(4, LogLevel.Error, "The queue of {Name} cannot be read; trying on.")]
    public static partial void QueueFailed(ILogger logger, Exception fault, string name);

    [LoggerMessage(5, LogLevel.Error, "The queue of {Name} is not read: setting {Connection} is no connection string with a key and a QueueEndpoint.")]
    public static partial void QueueUnknown(ILogger logger, string name, string connection);

    [LoggerMessage(6, LogLevel.Error, "Message {Id} of {Name} failed for the fifth time and was put aside.")]
    public static partial void MessagePoisoned(ILogger logger, string name, string id);

    [LoggerMessage(3, LogLevel.Warning, "Timer {Name} missed its run of {Due:u}: the one before still ran.")]
    public static partial void TimerMissed(ILogger logger, string name, DateTimeOffset due);
}
