using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.EndToEnd.Fixtures;

/// <summary>
/// Somebody with a browser profile of their own. Finds fields and buttons by what the contract fixes (names, actions, types), never by wording or
/// looks. Whatever is visited, a page may neither ask another host for anything nor break its own policy.
/// </summary>
internal sealed partial class Visitor : IAsyncDisposable
{
    private static readonly string Kept = Path.Combine(Azurite.RepositoryRoot, "TestResults", "EndToEnd");

    private readonly ConcurrentQueue<IRequest> requests = new();
    private readonly ConcurrentQueue<string> complaints = new();

    private readonly Browser asker;

    private Visitor(Manner manner, IBrowserContext context, Browser asker)
    {
        (Manner, Context, this.asker) = (manner, context, asker);
        context.Request += (_, request) => requests.Enqueue(request);
        context.Console += (_, message) => Complain(message.Type, message.Text);
        context.WebError += (_, error) => complaints.Enqueue(error.Error);
    }

    public Manner Manner { get; }

    public IBrowserContext Context { get; }

    /// <summary>The tab in use.</summary>
    public IPage Page { get; private set; } = null!;

    /// <summary>All that was asked for so far.</summary>
    public IReadOnlyCollection<IRequest> Requests => requests;

    /// <summary>The page's address without its query.</summary>
    public string Place => Page.Url.Split('?')[0];

    /// <summary>Whether what the browser refuses to a page is what the test wants to see.</summary>
    public bool ExpectsRefusals { get; set; }

    /// <summary>Lets somebody visit with a browser profile of their own. If that fails, what they saw is kept.</summary>
    /// <param name="asker">Asks the service what it thinks of this browser's cookies.</param>
    /// <param name="manner">How they use pages.</param>
    /// <param name="locale">The language that their browser asks for.</param>
    /// <param name="test">The test's name.</param>
    /// <param name="visit">What they do.</param>
    public static async Task VisitAsync(Browser asker, Manner manner, string locale, string test, Func<Visitor, Task> visit)
    {
        await using var visitor = await ComeAsync(asker, manner, locale);
        try
        {
            await visit(visitor);
            visitor.AssertUndisturbed();
        }
        catch (Exception failure) when (failure is not VisitFailedException)
        {
            throw new VisitFailedException(await visitor.KeepAsync(test), failure);
        }
    }

    private static async Task<Visitor> ComeAsync(Browser asker, Manner manner, string locale)
    {
        var browser = await Chromium.SharedAsync();
        var context = await browser.NewContextAsync(new()
        {
            JavaScriptEnabled = manner != Manner.WithoutScript,
            Locale = locale,
            ColorScheme = ColorScheme.Light,
        });
        context.SetDefaultTimeout(10_000);
        var visitor = new Visitor(manner, context, asker);
        visitor.Page = await context.NewPageAsync();
        return visitor;
    }

    /// <summary>How often an endpoint was asked for, preflights aside.</summary>
    public int Count(string method, string url) => requests.Count(r => r.Method == method && r.Url.Split('?')[0] == url);

    /// <summary>Opens an address, as if it were typed in; the status of the page.</summary>
    public async Task<int> OpenAsync(string url) => (await Page.GotoAsync(url))!.Status;

    /// <summary>Waits until the page that was left for is there.</summary>
    /// <param name="url">What its address begins with.</param>
    public async Task ArriveAsync(string url)
    {
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex("^" + Regex.Escape(url)), new() { Timeout = 10_000 });
        await Page.WaitForLoadStateAsync();
    }

    /// <summary>A tab more, which is the one in use from now on.</summary>
    public async Task<IPage> NewTabAsync() => Page = await Context.NewPageAsync();

    /// <summary>What <c>GET /session</c> says to this browser's cookies: the status, and whose session it is. Leaves them as they are.</summary>
    public async Task<(int Status, string? Email)> SessionAsync(Address site, bool fresh = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{site.Auth}/session{(fresh ? "?fresh=1" : "")}");
        using var response = await AskAsync(site, request);
        var body = await response.JsonAsync();
        return ((int)response.StatusCode, body.TryGetProperty("user", out var user) ? user.GetProperty("email").GetString() : null);
    }

    /// <summary>Ends this browser's session from somewhere else: it hears nothing of that.</summary>
    public async Task EndElsewhereAsync(Address site)
    {
        using var request = Browser.JsonRequest(HttpMethod.Post, site.Auth + "/logout", new { }, site.App);
        using var response = await AskAsync(site, request);
        Assert.Equal(204, (int)response.StatusCode);
    }

    /// <summary>Asserts who is signed in at a site, by its rows; null for nobody.</summary>
    public async Task AssertSignedInAsync(Address site, string? email) =>
        Assert.Equal((email is null ? 401 : 200, email), await SessionAsync(site, fresh: true));

    /// <summary>Throws if a page did what none may.</summary>
    private void AssertUndisturbed()
    {
        var strangers = requests.Select(r => new Uri(r.Url)).Where(u => u.Scheme is "http" or "https" && !IsLocal(u.Host)).ToList();
        Assert.True(strangers.Count == 0, "Asked a host that has no part in this: " + string.Join(", ", strangers));
        Assert.True(ExpectsRefusals || complaints.IsEmpty, "The browser complained: " + string.Join("\n", complaints));
    }

    /// <summary>Keeps a picture and the page's text; returns what to tell.</summary>
    private async Task<string> KeepAsync(string test)
    {
        Directory.CreateDirectory(Kept);
        var path = Path.Combine(Kept, $"{test}-{Manner}-{DateTime.UtcNow.ToString("HHmmssfff", CultureInfo.InvariantCulture)}.png");
        try
        {
            await Page.ScreenshotAsync(new() { Path = path, FullPage = true });
            var html = await Page.ContentAsync();
            await File.WriteAllTextAsync(Path.ChangeExtension(path, "html"), html);
            var trail = requests.TakeLast(15).Select(r => $"  {r.Method} {r.Url}");
            return $"{Manner} at {Page.Url}; {path}\n{string.Join('\n', trail)}\n{string.Join('\n', complaints)}";
        }
        catch (PlaywrightException e)
        {
            return $"{Manner} at {Page.Url}; no picture: {e.Message}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        asker.Dispose();
        await Context.CloseAsync();
    }

    private async Task<HttpResponseMessage> AskAsync(Address site, HttpRequestMessage request)
    {
        var cookies = await Context.CookiesAsync([site.Auth]);
        request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies.Select(c => $"{c.Name}={c.Value}")));
        return await asker.SendAsync(request);
    }

    private static bool IsLocal(string host) => host is "127.0.0.1" || host.EndsWith(".localhost", StringComparison.Ordinal);

    /// <summary>Breaches of a policy. That a request was refused is no fault of the page.</summary>
    private void Complain(string type, string text)
    {
        if (type is "error" or "warning" && !text.StartsWith("Failed to load resource", StringComparison.Ordinal))
        {
            complaints.Enqueue(text);
        }
    }
}

/// <summary>A visit went wrong.</summary>
/// <param name="seen">What the visitor saw last, and where more of it is.</param>
/// <param name="failure">What went wrong.</param>
public sealed class VisitFailedException(string seen, Exception failure) : Exception($"{failure.Message}\n{seen}", failure);
