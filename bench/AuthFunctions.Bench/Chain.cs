using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AuthFunctions.Bench;

/// <summary>One connection and what it knows.</summary>
internal sealed partial class Chain : IDisposable
{
    private readonly RawConnection connection;
    private readonly Dictionary<string, string> variables;
    private readonly List<(Step Step, byte[]? Ready, List<(string Name, Regex Pattern)> Extract)> steps;

    public Chain(int port, Dictionary<string, string> variables, IReadOnlyList<Step> steps)
    {
        (connection, this.variables) = (new(port), new(variables, StringComparer.Ordinal));

        // What no answer changes is made once.
        var changing = steps.SelectMany(s => s.Extract?.Keys ?? Enumerable.Empty<string>()).ToHashSet(StringComparer.Ordinal);
        this.steps = [.. steps.Select(step => (
            step,
            Variable().Matches(step.Head + step.Body).Any(m => changing.Contains(m.Groups[1].Value)) ? null : Bytes(step),
            (step.Extract ?? []).Select(e => (e.Key, new Regex(e.Value, RegexOptions.Compiled))).ToList()))];
    }

    /// <summary>How often a 503 was waited out.</summary>
    public int Deferrals { get; private set; }

    /// <summary>The last answer other than expected.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Goes through all steps; false at the first answer that is not the one expected.</summary>
    public async Task<bool> RoundAsync()
    {
        foreach (var (step, ready, extract) in steps)
        {
            var request = ready ?? Bytes(step);
            var answer = await connection.SendAsync(request);
            while (step.Persists && answer.Status == 503 && RetryAfter().Match(answer.Head) is { Success: true } wait)
            {
                Deferrals++;
                await Task.Delay(TimeSpan.FromSeconds(int.Parse(wait.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));
                answer = await connection.SendAsync(request);
            }

            if (answer.Status != step.Status || !TryExtract(answer, extract))
            {
                Refusal = answer.ToString();
                return false;
            }
        }

        return true;
    }

    public void Dispose() => connection.Dispose();

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\r\nRetry-After: (\d+)\r\n", RegexOptions.IgnoreCase)]
    private static partial Regex RetryAfter();

    private bool TryExtract(Answer answer, List<(string Name, Regex Pattern)> extract)
    {
        if (extract.Count == 0)
        {
            return true;
        }

        var text = answer.ToString();
        foreach (var (name, pattern) in extract)
        {
            if (pattern.Match(text) is not { Success: true } match)
            {
                return false;
            }

            variables[name] = match.Groups[1].Value;
        }

        return true;
    }

    private byte[] Bytes(Step step)
    {
        var body = step.Body is null ? null : Fill(step.Body);
        var head = Fill(step.Head).Replace("\n", "\r\n", StringComparison.Ordinal);
        var length = body is null ? "" : $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n";
        return Encoding.UTF8.GetBytes($"{head}\r\n{length}\r\n{body}");
    }

    private string Fill(string template) => Variable().Replace(template, m => variables[m.Groups[1].Value]);
}
