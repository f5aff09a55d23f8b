using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using AuthFunctions.Tests.OpenApi;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Hostile;

/// <summary>What no answer may be, whatever was asked.</summary>
internal static partial class ReplyCheck
{
    /// <summary>What attacks try to put into an answer, as a header, as a cookie or as an element.</summary>
    public const string Mark = "x-hostile";

    private static readonly ConcurrentDictionary<string, IReadOnlyList<string>> Seen = new(StringComparer.Ordinal);

    private static readonly string[] Origins = [Contoso, Fabrikam, ContosoApp, FabrikamApp];

    private static readonly string[] SessionCookies = ["__Host-sid=sid_", "__Host-rt=rt_", "-at=ey", "-check=check_"];

    /// <summary>In what the answer fails.</summary>
    public static IEnumerable<string> Faults(Draft draft, WireReply reply)
    {
        var path = PathOf(draft);
        if (path.StartsWith("/admin", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/runtime", StringComparison.OrdinalIgnoreCase))
        {
            // Dot segments can lead to what the Functions host keeps to itself.
            return reply.Status < 500 ? [] : [$"{reply.Status}"];
        }

        var type = reply.Header("Content-Type")?.Split(';')[0];
        var faults = ContractFaults(draft.Method.ToUpperInvariant(), path, type, reply);
        return faults.Concat(OfAny(reply, type)).Concat(HostFaults(draft, reply, path));
    }

    /// <summary>Held to openapi.json. Refusals are the same by the thousand, and looked at once.</summary>
    private static IReadOnlyList<string> ContractFaults(string method, string path, string? type, WireReply reply)
    {
        var body = type == "text/html" ? "" : reply.Body;
        var operation = OpenApiContract.Shared.Find(method, path)?.Id ?? (method is "HEAD" or "OPTIONS" ? method : "");
        var headers = string.Join('\n', reply.Headers.Where(h => h.Name != "Date").Select(h => $"{h.Name}:{h.Value}"));
        return reply.Status >= 400
            ? Seen.GetOrAdd($"{operation} {reply.Status}\n{headers}\n{body}", _ => Check())
            : Check();

        IReadOnlyList<string> Check() => OpenApiContract.Shared.Check(method, path, new(reply.Status, type, reply.Header, body)).Faults;
    }

    private static IEnumerable<string> OfAny(WireReply reply, string? type)
    {
        // The server's own, of methods and versions of HTTP that it does not speak.
        if (reply.Status >= 500 && !(reply.Status is 501 or 505 && reply.Header("X-Content-Type-Options") is null))
        {
            yield return $"{reply.Status}";
        }

        if (StackTrace().IsMatch(reply.Body))
        {
            yield return "tells of its insides";
        }

        if (reply.Headers.Any(h => h.Name.Contains(Mark, StringComparison.OrdinalIgnoreCase)
            || (h.Name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase) && h.Value.StartsWith(Mark, StringComparison.OrdinalIgnoreCase))))
        {
            yield return "a header line that the caller wrote";
        }

        if (reply.Header("Location") is { } location && !IsOurs(location))
        {
            yield return "leads elsewhere: " + location;
        }

        if (reply.Status >= 400 && reply.Headers.Any(h => SessionCookies.Any(c => h.Value.Contains(c, StringComparison.Ordinal))))
        {
            yield return "a refusal that signs in";
        }

        if (type == "text/html" && reply.Body.Contains("<" + Mark, StringComparison.OrdinalIgnoreCase))
        {
            yield return "markup that the caller wrote";
        }

        foreach (var link in type == "text/html" ? Link().Matches(reply.Body).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)) : [])
        {
            if (!link.StartsWith('#') && !IsOurs(link))
            {
                yield return "a page that leads elsewhere: " + link;
            }
        }
    }

    /// <summary>An unknown host is served nothing, but for the probes of the platform, and is named nowhere.</summary>
    private static IEnumerable<string> HostFaults(Draft draft, WireReply reply, string path)
    {
        var isOurs = draft.Host.ToUpperInvariant() is "AUTH.CONTOSO.LOCALHOST:7071" or "AUTH.FABRIKAM.LOCALHOST:7071";
        if (!isOurs && reply.Header("X-Content-Type-Options") is not null && reply.Status != 421
            && !path.StartsWith("/health", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{reply.Status} for an unknown host";
        }

        if (reply.Head.Contains("evil.test", StringComparison.OrdinalIgnoreCase) && draft.Host.Contains("evil.test", StringComparison.Ordinal))
        {
            yield return "names a host that is not ours";
        }
    }

    /// <summary>True if a browser, which reads a backslash as a slash and skips tabs and line breaks, stays where it may be sent.</summary>
    private static bool IsOurs(string url)
    {
        var read = Skipped().Replace(url, "").Replace('\\', '/');
        return (read.StartsWith('/') && !read.StartsWith("//", StringComparison.Ordinal))
            || Origins.Any(o => read == o || read.StartsWith(o + "/", StringComparison.Ordinal) || read.StartsWith(o + "?", StringComparison.Ordinal))
            || LoopbackClient().IsMatch(read);
    }

    /// <summary>The path as the server reads it: unescaped but for slashes, and without dot segments.</summary>
    private static string PathOf(Draft draft)
    {
        var path = draft.Target is { } target ? Absolute().Replace(target, "").Split('?')[0] : draft.Path.Split('?')[0];
        var segments = new List<string>();
        foreach (var segment in Uri.UnescapeDataString(SlashEscape().Replace(path, "%252F")).Split('/').Skip(1))
        {
            if (segment == ".." && segments.Count > 0)
            {
                segments.RemoveAt(segments.Count - 1);
            }
            else if (segment is not ("." or ".."))
            {
                segments.Add(segment);
            }
        }

        return "/" + string.Join('/', segments);
    }

    [GeneratedRegex(@"^\s+at [\w.<>`]+\(|Exception\b|\bSystem\.[A-Z]|Microsoft\.[A-Z]|/functions/\w+\.cs", RegexOptions.Multiline)]
    private static partial Regex StackTrace();

    [GeneratedRegex("\\s(?:href|src|action|formaction)=\"([^\"]*)\"")]
    private static partial Regex Link();

    [GeneratedRegex("^[\\x00-\\x20]+|[\\t\\r\\n]")]
    private static partial Regex Skipped();

    [GeneratedRegex(@"^http://127\.0\.0\.1:\d+/callback(\?|$)")]
    private static partial Regex LoopbackClient();

    [GeneratedRegex("^[a-z]+://[^/?]*", RegexOptions.IgnoreCase)]
    private static partial Regex Absolute();

    [GeneratedRegex("%2f", RegexOptions.IgnoreCase)]
    private static partial Regex SlashEscape();
}
