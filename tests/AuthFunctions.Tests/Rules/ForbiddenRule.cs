using System.Text.RegularExpressions;

namespace AuthFunctions.Tests.Rules;

/// <summary>Something that no file of the product says, or only the few that are named.</summary>
/// <param name="Name">What it is, in a word.</param>
/// <param name="Why">Why not.</param>
/// <param name="Pattern">How it looks.</param>
/// <param name="Planted">A line that has it, by which the rule is seen to find it.</param>
/// <param name="Innocent">A line that only looks like it.</param>
internal sealed record ForbiddenRule(string Name, string Why, string Pattern, string Planted, string Innocent)
{
    /// <summary>The files, or folders with a slash at the end, that may.</summary>
    public string[] Except { get; init; } = [];

    /// <summary>Where it is looked for: code alone, unless it hides in strings or comments.</summary>
    public Func<SourceFile, string> In { get; init; } = file => file.Code;

    public static IReadOnlyList<ForbiddenRule> All { get; } =
    [
        new("cookie", "only SessionCookie names a cookie", "__(Host|Secure)-[a-zA-Z]", "x = \"__Host-sid\";", "x = \"__Host-\"; // __Host-sid")
        {
            Except = ["Sessions/SessionCookie.cs"],
            In = file => file.Uncommented,
        },
        new("cookie prefix", "only the check for repeated cookies knows the prefixes", "__(Host|Secure)-", "x = \"__Secure-\";", "// __Secure-")
        {
            Except = ["Sessions/SessionCookie.cs", "Http/RequestMiddleware.cs"],
            In = file => file.Uncommented,
        },
        new("cookies", "only SessionCookie reads and writes cookies", @"\.Cookies\b|\bSetCookie\b|Headers\.Cookie\b", "http.Request.Cookies[name]", "new HandoffCookies()")
        {
            Except = ["Sessions/SessionCookie.cs", "Http/RequestMiddleware.cs"],
        },
        new("tables", "the client library of tables is known to AzureTable alone", @"\bAzure\.Data\b|\bTable(Service)?Client\b", "using Azure.Data.Tables;", "using Azure;")
        {
            Except = ["Storage/AzureTable.cs", "Program.cs"],
        },
        new("queues", "the client library of queues is known to AzureQueue alone", @"\bAzure\.Storage\b|\bQueueClient\b", "using Azure.Storage.Queues;", "using AuthFunctions.Storage;")
        {
            Except = ["Storage/AzureQueue.cs", "Program.cs"],
        },
        new("time", "time comes from TimeProvider", @"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b|\bTickCount", "x = DateTimeOffset.UtcNow;", "x = clock.GetUtcNow(); // UtcNow"),
        new("the system's clock", "only Program.cs picks the clock", @"\bTimeProvider\.System\b", "x = TimeProvider.System;", "TimeProvider clock") { Except = ["Program.cs"] },
        new("randomness", "randomness comes from RandomNumberGenerator", @"\bnew\s+(System\.)?Random\b|\bRandom\.Shared\b|\bGuid\.(NewGuid|CreateVersion7)\b|\bGetRandomFileName\b", "Guid.NewGuid()", "new RandomNumber(); Guid.Empty"),
        new("empty catch", "an exception that is swallowed says why, by an outcome", @"\bcatch\b[^{]*\{\s*\}", "try { } catch (IOException) { }", "catch (IOException) { return null; }"),
        new("catch all", "only the middleware catches whatever comes", @"\bcatch\s*(\{|\(\s*(System\.)?Exception(\s+\w+)?\s*\)(?!\s*when\b))", "catch (Exception e) { Log(e); }", "catch (Exception e) when (IsOutage(e)) { }")
        {
            Except = ["Http/RequestMiddleware.cs"],
        },
        new("pragma", "exceptions to analysis stand in .editorconfig", @"#pragma|\bSuppressMessage\b|#nullable\s+disable", "#pragma warning disable CA1031", "x = pragma;"),
        new("to do", "what is left to do is an issue", @"\b(TODO|FIXME|HACK|XXX)\b", "// TODO: check", "// what is to do") { In = file => file.Text },
        new("blocking", "nothing waits for a task by blocking a thread", @"\.Result\b(?!\s*\()|\.Wait(All|Any)?\(|\.GetAwaiter\(|\.RunSynchronously\(", "x = task.Result;", "x = task.Results; await gate.WaitAsync(ct);")
        {
            // The framework's interface for its key ring is synchronous.
            Except = ["SigningKeys/DataProtectionStore.cs"],
        },
        new("culture", "text is compared ordinally, and says so", @"\.(StartsWith|EndsWith|IndexOf|LastIndexOf)\(\s*(?!')(?![^;]*?StringComparison)", "x.StartsWith(\"a\")", "x.EndsWith('/') && x.StartsWith(\"a\", StringComparison.Ordinal)"),
        new("case", "case is folded invariantly", @"\.To(Lower|Upper)\(", "x.ToLower()", "x.ToLowerInvariant()"),
        new("console", "what is to be told is logged; metrics are printed where a developer asks", @"\bConsole\.", "Console.WriteLine(x);", "x.ConsoleName")
        {
            Except = ["Telemetry/TelemetryRegistration.cs"],
        },
        new("upsert", "every write has a precondition", @"\bUpsert|\bETag\.All\b", "client.UpsertEntityAsync(e)", "row.ETag.Allows")
        {
            // It refuses the one that matches every version.
            Except = ["Storage/TableLimits.cs"],
        },
        new("scan", "only the purge reads without a partition", @"\bScanAsync\(", "table.ScanAsync(now, ct)", "table.RangeAsync(p, a, b, ct)") { Except = ["Storage/", "Purge/PurgeFunction.cs"] },
        new("query", "reads name their keys", @"\bQueryAsync\b", "client.QueryAsync<TableEntity>(f)", "table.FindAsync(p, k, ct)") { Except = ["Storage/AzureTable.cs"] },
        new("context accessor", "it is null in functions (the worker sets it on another flow)", @"\bI?HttpContextAccessor\b", "IHttpContextAccessor accessor", "HttpContext http"),
        new("forwarded", "the platform consumes these headers; a caller's own would be believed", "(?i)x-?forwarded|forwarded-?(headers|for|host|proto)", "headers[\"X-Forwarded-For\"]", "is forwarded") { In = file => file.Uncommented },
        new("request host", "the issuer comes from configuration; the host only finds the site", @"(?i)\brequest\.(Host|Scheme)\b|\bGetDisplayUrl\b|\bGetEncodedUrl\b", "http.Request.Host.Value", "uri.Host; request.HostName") { Except = ["Http/RequestMiddleware.cs"] },
        new("redirect", "RFC 9700 §4.12: 303, never 307, which would send a password along; only Answer redirects", @"\bHeaders\.Location\b|\.(Local)?Redirect(?!Uri)\w*\(|\bStatus30[1278]", "http.Response.Redirect(url);", "client.RedirectUri(asked); Answer.SeeOther(http, url)")
        {
            Except = ["Http/Answer.cs"],
        },
        new("async void", "nobody can wait for it or see it fail", @"\basync\s+void\b", "async void M()", "async Task M()"),
        new("endpoint attributes", "the worker ignores them", @"\[(Authorize|AllowAnonymous|EnableCors|EnableRateLimiting|FromBody)\b", "[Authorize]", "[FromKeyedServices(\"Users\")]"),
        new("thread sleep", "a waiting thread serves nobody", @"\bThread\.Sleep\b", "Thread.Sleep(1);", "Task.Delay(1, ct);"),
    ];

    public IEnumerable<string> Violations(SourceFile file) => Except.Any(e => e.EndsWith('/') ? file.Path.StartsWith(e, StringComparison.Ordinal) : file.Path == e)
        ? []
        : Regex.Matches(In(file), Pattern).Select(m => $"{file.At(m.Index)}: {m.Value.Trim()} ({Name}: {Why})");
}
