using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Sessions;

/// <summary>What tests of sessions share: rows and events as they are stored, planted cookies, sessions made without their ceremony.</summary>
internal static partial class SessionSteps
{
    /// <summary>The session as it is stored, or null.</summary>
    public static Task<SessionRow?> RowAsync(this TestService service, string userId, string sessionId) =>
        service.Get<SessionStore>().FindAsync(userId, SessionId.Parse(sessionId), CancellationToken.None);

    /// <summary>Null if the session lives, else why not.</summary>
    public static async Task<string?> WhyDeadAsync(this TestService service, string userId, string sessionId) =>
        await service.Get<SessionReader>().FindAsync(userId, SessionId.Parse(sessionId), CancellationToken.None) is { } found
            ? found.WhyDead(service.Clock.GetUtcNow())
            : "no such session";

    /// <summary>A user's audit trail in the order of its keys.</summary>
    public static async Task<List<Row>> EventsAsync(this TestService service, string userId) =>
        await service.Table("Users").RangeAsync(userId, "event_", "event`", CancellationToken.None).ToListAsync();

    /// <summary>The reasons of the sessions that ended, newest first.</summary>
    public static async Task<List<string?>> EndsAsync(this TestService service, string userId) =>
        [.. (await service.EventsAsync(userId)).Where(e => e.Text("Kind") == "session_ended").Select(e => e.OptionalText("Reason"))];

    /// <summary>The log line of the last refusal.</summary>
    public static string LastRefusal(this TestService service) => service.Log.Lines.Last(l => l.Contains("Refused with", StringComparison.Ordinal));

    /// <summary>A child session as a handoff makes it: its id and its session cookie.</summary>
    public static async Task<(string Id, string Cookie)> ChildAsync(this TestService service, string userId, string rootId, string site = "fabrikam")
    {
        var starter = service.Get<SessionStarter>();
        var found = await service.Get<SessionReader>().FindAsync(userId, SessionId.Parse(rootId), CancellationToken.None);
        var child = starter.NewChild(found!.User, service.Get<SiteDirectory>().Find(site)!, found.Root!, Secret.New(), "test", null);
        Assert.IsType<Commit.Done>(await starter.CommitAsync([], found.User, child, found.Root, null, CancellationToken.None));
        return (child.Row.Id.ToString(), new SessionHandle(userId, child.Row.Id, child.Secrets.Sid!).Write("sid_"));
    }

    /// <summary>User and session of a browser that is signed in.</summary>
    public static async Task<(string UserId, string SessionId)> WhoAsync(this Browser browser, string site = TestService.Contoso)
    {
        using var response = await browser.GetAsync(site + "/session");
        await response.IsAsync(200);
        var json = await response.JsonAsync();
        return (json.GetProperty("user").GetProperty("id").GetString()!, json.GetProperty("session").GetProperty("id").GetString()!);
    }

    /// <summary>A request with just this Cookie header, as the site's frontend would send it.</summary>
    public static Task<HttpResponseMessage> WithCookieAsync(this Browser browser, HttpMethod method, string url, string cookie)
    {
        var request = Browser.JsonRequest(method, url, null);
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        request.Headers.Add("X-Requested-With", "fetch");
        return browser.SendAsync(request);
    }

    /// <summary>A request without cookies but with this access token.</summary>
    public static Task<HttpResponseMessage> WithBearerAsync(this Browser browser, HttpMethod method, string url, string token)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return browser.SendAsync(request);
    }

    /// <summary>The cookies that an answer sets, sorted, with their attributes and without their values.</summary>
    public static List<string> SetCookies(this HttpResponseMessage response) => response.Headers.TryGetValues("Set-Cookie", out var set)
        ? [.. set.Select(c => Value().Replace(c, "", 1)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Asserts the status, and shows the body if it is another.</summary>
    public static async Task IsAsync(this HttpResponseMessage response, int status) =>
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");

    [GeneratedRegex("=[^;]*(?=; (max-age|path|domain))")]
    private static partial Regex Value();
}
