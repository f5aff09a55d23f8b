using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.OpenApi;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Properties;

/// <summary>Ten thousand requests that are almost right: none is answered by a 5xx, each as openapi.json tells.</summary>
public sealed partial class MalformedRequestsTests
{
    private const int Count = 10_000;

    [Fact]
    public async Task Ten_thousand_malformed_requests_are_answered_as_the_contract_tells_and_none_by_a_5xx()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("MALFORMED_SEED") ?? "20261122", CultureInfo.InvariantCulture);
        await using var service = await StartAsync(new() { ["Keys:Source"] = "Development" });
        using var browser = await service.SignedInAsync(email: "ada@contoso.test");
        var requests = new MalformedRequests(seed, await HoldingsAsync(service, browser));
        var (answers, faults) = (new ConcurrentDictionary<string, int>(), new ConcurrentQueue<(string Kind, string Text)>());

        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
        {
            var (operation, request) = requests.Make(number);
            var answer = await request.SendAsync(service.Port);
            answers.AddOrUpdate($"{operation.Id} {answer?.Status}", 1, (_, n) => n + 1);
            foreach (var fault in Faults(request, answer))
            {
                faults.Enqueue(($"{operation.Id} {fault.Split('\n')[0]}", $"MALFORMED_SEED={seed}, request {number}: {fault}\n{Start(request.ToString())}"));
            }
        });

        Assert.True(faults.IsEmpty, $"{faults.Count} faults, one of each kind:\n\n{string.Join("\n\n", faults.DistinctBy(f => f.Kind).Take(9).Select(f => f.Text))}");
        Assert.DoesNotContain(service.Log.Lines, IsMishap);

        // They get somewhere: further than the first check of each operation, and through it where nothing that matters is spoiled.
        Assert.True(answers.Keys.Count(a => !a.EndsWith(' ')) > 200, string.Join('\n', answers.Keys.Order(StringComparer.Ordinal)));
        Assert.True(answers.Where(a => a.Key.Split(' ')[1] is ['2' or '3', ..]).Sum(a => a.Value) > Count / 20);

        using var ready = await browser.GetAsync(Contoso + "/health/ready");
        Assert.Equal(200, (int)ready.StatusCode);
        using var person = await service.SignedInAsync();
        Assert.NotNull(Ceremony.Text(await person.TokensAsync(), "access_token"));
    }

    /// <summary>
    /// But for what the host says at the start, that it has no queue here, and for what the framework says of each forged form, which host.json
    /// silences.
    /// </summary>
    private static bool IsMishap(string line) =>
        (line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal))
        && !line.StartsWith("Error Function.Deliver: The queue of Deliver is not read", StringComparison.Ordinal)
        && !line.StartsWith("Error Microsoft.AspNetCore.Antiforgery.DefaultAntiforgery", StringComparison.Ordinal);

    private static IEnumerable<string> Faults(RawRequest request, RawAnswer? answer)
    {
        if (answer is null)
        {
            // The server may cut off what it cannot even read.
            return request.IsPlain && request.Body.Length < 60_000 ? ["no answer"] : [];
        }

        if (PathOf(request).StartsWith("/admin/", StringComparison.OrdinalIgnoreCase))
        {
            // Dot segments can lead to what the Functions host keeps to itself.
            return answer.Status < 500 ? [] : [$"{answer.Status}"];
        }

        var headers = answer.Head.Split("\r\n").Skip(1).Select(h => h.Split(':', 2)).ToLookup(h => h[0], h => h[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var type = headers["Content-Type"].FirstOrDefault()?.Split(';')[0];
        var body = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(headers["Transfer-Encoding"].Contains("chunked") ? Joined(answer.Body) : answer.Body));
        var (_, faults) = OpenApiContract.Shared.Check(
            request.Method.ToUpperInvariant(), PathOf(request), new(answer.Status, type, Header, type == "text/html" ? "" : body));
        return faults
            .Concat(answer.Status >= 500 ? [$"{answer.Status}"] : [])
            .Concat(StackTrace().IsMatch(body) ? ["a stack trace"] : [])
            .Select(fault => $"{fault}\n{Start(answer.Head)}\n{Start(body)}");

        string? Header(string name) => headers.Contains(name) ? string.Join(", ", headers[name]) : null;
    }

    /// <summary>The path as the server reads it: unescaped but for slashes, and without dot segments.</summary>
    private static string PathOf(RawRequest request)
    {
        var path = Encoding.UTF8.GetString(request.Target).Split('?')[0];
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

    private static string Joined(string chunks)
    {
        var body = new StringBuilder();
        for (var at = 0; chunks.IndexOf("\r\n", at, StringComparison.Ordinal) is >= 0 and var end;)
        {
            var length = int.Parse(chunks.AsSpan(at, end - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
            {
                break;
            }

            body.Append(chunks, end + 2, length);
            at = end + 2 + length + 2;
        }

        return body.ToString();
    }

    private static string Start(string text) => text.Length <= 1500 ? text : text[..1500] + " …";

    /// <summary>What somebody who is signed in, a client and an operator have.</summary>
    private static async Task<Holdings> HoldingsAsync(TestService service, Browser browser)
    {
        using var page = await browser.GetAsync(Contoso + "/account");
        var csrf = Csrf().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value;
        var tokens = await browser.TokensAsync(("scope", "openid email offline_access"));
        var native = await service.NativeAsync();
        var cookies = string.Join("; ", browser.Cookies.Where(c => c.Key.Host is "auth.contoso.localhost" or ".contoso.localhost").Select(c => $"{c.Key.Name}={c.Value.Value}"));
        return new(
            cookies,
            csrf,
            [
                Ceremony.Text(tokens, "access_token"), Ceremony.Text(tokens, "refresh_token"), Ceremony.Text(tokens, "id_token"), native.AccessToken, native.RefreshToken,
                await browser.CodeAsync(), browser.Cookie(Contoso, "__Host-sid")!, csrf, await service.ClientTokenAsync(OAuthCalls.Machine),
            ],
            await service.ClientTokenAsync(OAuthCalls.Operator));
    }

    [GeneratedRegex(@"^\s+at [\w.<>`]+\(|Exception:", RegexOptions.Multiline)]
    private static partial Regex StackTrace();

    [GeneratedRegex("name=\"csrf\" value=\"([^\"]+)\"")]
    private static partial Regex Csrf();

    [GeneratedRegex("%2f", RegexOptions.IgnoreCase)]
    private static partial Regex SlashEscape();
}
