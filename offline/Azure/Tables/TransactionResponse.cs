using System.Globalization;
using System.Text;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>One answer out of a <c>$batch</c> response.</summary>
internal sealed class TransactionResponse : Response
{
    private readonly Dictionary<string, string> headers;

    private TransactionResponse(int status, string reason, Dictionary<string, string> headers, string body)
    {
        Status = status;
        ReasonPhrase = reason;
        this.headers = headers;
        ContentStream = new MemoryStream(Encoding.UTF8.GetBytes(body));
    }

    public override int Status { get; }

    public override string ReasonPhrase { get; }

    public override Stream ContentStream { get; set; }

    public override string ClientRequestId { get; set; } = "";

    /// <summary>The answers in a response: one for each action, or a single refusal.</summary>
    public static List<Response> Parse(Response response)
    {
        var text = response.Content.ToString();
        var answers = new List<Response>();
        foreach (var part in Parts(text, response.Headers.ContentType))
        {
            var (headers, content) = Head(part);
            var type = headers.GetValueOrDefault("Content-Type", "");
            if (type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
            {
                answers.AddRange(Parts(content, type).Select(p => Answer(Head(p).Content)));
            }
            else
            {
                // A batch that is refused before its change set is looked at.
                answers.Add(Answer(content));
            }
        }

        return answers;
    }

    public override void Dispose() => ContentStream?.Dispose();

    /// <inheritdoc/>
    protected override bool ContainsHeader(string name) => headers.ContainsKey(name);

    /// <inheritdoc/>
    protected override IEnumerable<HttpHeader> EnumerateHeaders() => headers.Select(h => new HttpHeader(h.Key, h.Value));

    /// <inheritdoc/>
    protected override bool TryGetHeader(string name, out string value) => headers.TryGetValue(name, out value);

    /// <inheritdoc/>
    protected override bool TryGetHeaderValues(string name, out IEnumerable<string> values)
    {
        values = headers.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }

    private static IEnumerable<string> Parts(string text, string contentType)
    {
        const string Parameter = "boundary=";
        var at = contentType.IndexOf(Parameter, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            throw new FormatException($"A multipart answer without a boundary: {contentType}.");
        }

        var boundary = contentType[(at + Parameter.Length)..].Split(';')[0].Trim().Trim('"');

        // What precedes the first boundary and what follows the closing one ("--") is padding.
        return text.Split($"--{boundary}").Skip(1).TakeWhile(p => !p.StartsWith("--", StringComparison.Ordinal))
            .Select(p => p.TrimStart('\r', '\n'));
    }

    private static TransactionResponse Answer(string text)
    {
        var line = text.AsSpan(0, Math.Max(text.IndexOf('\n', StringComparison.Ordinal), 0)).TrimEnd().ToString();
        var words = line.Split(' ', 3);
        if (words.Length < 2 || !words[0].StartsWith("HTTP/", StringComparison.Ordinal))
        {
            throw new FormatException($"A part of a batch answer begins with \"{line}\" rather than a status line.");
        }

        var (headers, body) = Head(text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        return new TransactionResponse(
            int.Parse(words[1], CultureInfo.InvariantCulture), words.ElementAtOrDefault(2) ?? "", headers, body.Trim());
    }

    private static (Dictionary<string, string> Headers, string Content) Head(string text)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var start = 0;
        while (start < text.Length)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            var line = text[start..end].TrimEnd('\r');
            start = Math.Min(end + 1, text.Length);
            if (line.Length == 0)
            {
                break;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers[line[..colon]] = line[(colon + 1)..].Trim();
            }
        }

        return (headers, text[start..]);
    }
}
