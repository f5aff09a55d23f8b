using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Tests.Fixtures;

/// <summary>
/// Keeps every log line of a service, and refuses those that hold a token, a handle, a cookie, a password or an address. A refused line
/// throws where it was written, and fails the test again when the service is disposed of, should something have swallowed that.
/// </summary>
internal sealed partial class LogSink : ILoggerProvider
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentQueue<string> leaks = new();

    /// <summary>The lines so far, each with its level and category.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    /// <summary>The lines since the last time, which are then forgotten: for tests that make too many to keep.</summary>
    public IReadOnlyList<string> Take()
    {
        var taken = new List<string>(lines.Count);
        while (lines.TryDequeue(out var line))
        {
            taken.Add(line);
        }

        return taken;
    }

    /// <summary>The lines that told too much.</summary>
    public IReadOnlyCollection<string> Leaks => leaks;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    /// <summary>True if the text holds something that belongs in no log.</summary>
    public static bool Tells(string text) => Secrets().IsMatch(text);

    private void Write(string line)
    {
        if (Tells(line))
        {
            leaks.Enqueue(line);
            throw new InvalidOperationException("A log line tells too much: " + line);
        }

        lines.Enqueue(line);
    }

    [GeneratedRegex(
        @"\b(sid|rt|check|code|link|dev|sealed)_[A-Za-z0-9_-]{20,}|\beyJ[A-Za-z0-9_-]{10,}|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}|correct horse|-secret\b|__(Host|Secure)-[a-z]+=",
        RegexOptions.IgnoreCase)]
    private static partial Regex Secrets();

    private sealed class Logger(LogSink sink, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            sink.Write($"{logLevel} {category}: {formatter(state, exception)} {exception}");
    }
}
