using System.Text.Json;
using AuthFunctions.Sessions;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Pages;
using Microsoft.AspNetCore.WebUtilities;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>
/// One handoff in one browser, step by step, so that a test can spoil one thing between two steps. Each step asserts that the one before
/// it was in order.
/// </summary>
internal sealed class HandoffCeremony(TestService service, Browser browser, string source = Contoso, string target = Fabrikam) : IDisposable
{
    private readonly int logged = service.Log.Lines.Count;

    public Browser Browser { get; } = browser;

    public string Source { get; } = source;

    public string Target { get; } = target;

    /// <summary>Where the app wants the browser back.</summary>
    public string ReturnTo { get; } = AppOf(target) + "/welcome?tab=1";

    /// <summary>A browser in which a new person has signed in at the source.</summary>
    public static async Task<HandoffCeremony> SignedInAsync(TestService service, string source = Contoso, string target = Fabrikam) =>
        new(service, await service.SignedInAsync(source), source, target);

    public static string AppOf(string site) =>
        site.Replace("//auth.", "//app.", StringComparison.Ordinal).Replace(":7071", ":5173", StringComparison.Ordinal);

    public static string NameOf(string site) => new Uri(site).Host.Split('.')[1];

    /// <summary>The URL of step 1.</summary>
    public string StartUrl(string? from = null, string? returnTo = null, string more = "") =>
        $"{Target}/handoff/start?from={from ?? NameOf(Source)}&return_to={Uri.EscapeDataString(returnTo ?? ReturnTo)}{more}";

    /// <summary>Step 1: the URL of step 2.</summary>
    public async Task<string> StartAsync(string more = "")
    {
        var to = await RedirectedAsync(await Browser.GetAsync(StartUrl(more: more)));
        Assert.StartsWith($"{Source}/handoff?to={NameOf(Target)}&nonce_hash=", to, StringComparison.Ordinal);
        return to;
    }

    /// <summary>Steps 1 and 2: the URL of step 3.</summary>
    public async Task<string> MintAsync() => await MintAsync(await StartAsync());

    /// <summary>Step 2: the URL of step 3.</summary>
    public async Task<string> MintAsync(string stepTwo)
    {
        var to = await RedirectedAsync(await Browser.GetAsync(stepTwo));
        Assert.StartsWith(Target + "/handoff/accept?token=eyJ", to, StringComparison.Ordinal);
        return to;
    }

    /// <summary>Step 3, which succeeds.</summary>
    public async Task ArriveAsync(string stepThree)
    {
        Assert.Equal(ReturnTo, await RedirectedAsync(await Browser.GetAsync(stepThree)));
        Assert.StartsWith("sid_", Browser.Cookie(Target, "__Host-sid"), StringComparison.Ordinal);
    }

    /// <summary>The whole of it.</summary>
    public async Task<HandoffCeremony> ArrivedAsync()
    {
        await ArriveAsync(await MintAsync());
        return this;
    }

    /// <summary>Asserts that the target refuses, tells the app by way of this browser's cookie, and signs nobody in.</summary>
    public async Task RefusedToAppAsync(string stepThree, string error, string reason)
    {
        var before = Browser.Cookie(Target, "__Host-sid");
        using var response = await Browser.GetAsync(stepThree);
        Assert.Equal($"{ReturnTo}&error={error}", await RedirectedAsync(response, dispose: false));
        AssertNoSession(response);
        Assert.Equal(before, Browser.Cookie(Target, "__Host-sid"));
        AssertLogged($"Refused with {error}: {reason}");
    }

    /// <summary>Asserts that the target shows an error page and signs nobody in.</summary>
    public async Task RefusedOnPageAsync(string url, int status = 400, string code = "wrong_browser", string reason = "handoff: no cookie for the token's nonce")
    {
        using var response = await Browser.GetAsync(url);
        await AssertErrorPageAsync(response, status, code);
        AssertNoSession(response);
        AssertLogged($"Refused with {status} {code}: {reason}");
    }

    /// <summary>Asserts that a line with this text was logged since the ceremony began.</summary>
    public void AssertLogged(string text) =>
        Assert.Contains(service.Log.Lines.Skip(logged), line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Asserts a page that says what went wrong, and leads nowhere.</summary>
    public static async Task AssertErrorPageAsync(HttpResponseMessage response, int status, string code)
    {
        var page = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {page}");
        Assert.Contains($"<code>{code}</code>", page, StringComparison.Ordinal);
        Assert.Null(response.Headers.Location);
        AssertUnread(response);
        Assert.Contains(PagePolicy.Start, response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    /// <summary>Asserts 303 with the headers of every answer of a handoff; the Location.</summary>
    public static async Task<string> RedirectedAsync(HttpResponseMessage response, bool dispose = true)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 303, $"{(int)response.StatusCode}: {body}");
        AssertUnread(response);
        var location = response.Headers.Location!.OriginalString;
        if (dispose)
        {
            response.Dispose();
        }

        return location;
    }

    /// <summary>Asserts that neither caches nor the next page see the URL or the answer.</summary>
    public static void AssertUnread(HttpResponseMessage response)
    {
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("no-store", response.Headers.GetValues("Cache-Control").Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    /// <summary>Asserts that an answer sets no cookie; the one of the handoff itself may go.</summary>
    public static void AssertNoSession(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            Assert.All(cookies, cookie =>
            {
                Assert.StartsWith("__Host-handoff-", cookie, StringComparison.Ordinal);
                Assert.Contains("max-age=0", cookie, StringComparison.Ordinal);
            });
        }
    }

    /// <summary>Names of the cookies of handoffs under way at the target.</summary>
    public IReadOnlyList<string> HandoffCookies() =>
        [.. Browser.Cookies.Keys.Where(k => k.Name.StartsWith("__Host-handoff-", StringComparison.Ordinal)).Select(k => k.Name)];

    /// <summary>The person who is signed in at a site, by the rows; null if nobody is.</summary>
    public Task<string?> PersonAtAsync(string site) => PersonAtAsync(Browser, site);

    /// <summary>The person who is signed in at a site, by the rows; null if nobody is.</summary>
    public static async Task<string?> PersonAtAsync(Browser browser, string site)
    {
        using var response = await browser.GetAsync(site + "/session?fresh=1");
        return (int)response.StatusCode == 200 ? (await response.JsonAsync()).GetProperty("user").GetProperty("id").GetString() : null;
    }

    /// <summary>The session rows of the person who is signed in at the source.</summary>
    public async Task<List<SessionRow>> RowsAsync() =>
        await service.Get<SessionStore>().ListAsync(SessionHandle.Read("sid_", Browser.Cookie(Source, "__Host-sid"))!.UserId, CancellationToken.None);

    /// <summary>The token of a step 3.</summary>
    public static string TokenOf(string stepThree) => QueryHelpers.ParseQuery(new Uri(stepThree).Query)["token"].ToString();

    /// <summary>A step 3 with another token.</summary>
    public string AcceptUrl(string token) => $"{Target}/handoff/accept?token={Uri.EscapeDataString(token)}";

    /// <summary>The claims of a token.</summary>
    public static JsonElement Claims(string? token) => JsonDocument.Parse(Forgery.Read(token!).Claims.ToJsonString()).RootElement.Clone();

    /// <summary>A site's access token cookie.</summary>
    public string? AccessToken(string site) => Browser.Cookie(site, "__Secure-at") ?? Browser.Cookie(site, "__Host-at");

    public void Dispose() => Browser.Dispose();
}
