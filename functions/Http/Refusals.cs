using Microsoft.Extensions.Logging;

namespace AuthFunctions.Http;

/// <summary>One refused request, one line: the code that the caller saw and the reason that it did not.</summary>
internal static partial class Refusals
{
    [LoggerMessage(1, LogLevel.Information, "Refused with {Status} {Code}: {Reason}")]
    public static partial void Log(ILogger logger, int status, string code, string reason);
}
