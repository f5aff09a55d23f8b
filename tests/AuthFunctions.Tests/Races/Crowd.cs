using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Races;

/// <summary>
/// Many callers at once, over one or more instances in turn. Without a cookie jar: what a request carries is said with it, since a jar
/// that many answers write to at once tells nothing.
/// </summary>
internal sealed class Crowd(params TestService[] instances) : IDisposable
{
    /// <summary>How often each race is run.</summary>
    public const int Rounds = 50;

    /// <summary>How many requests run in each.</summary>
    public const int Size = 32;

    private readonly HttpClient[] clients = [.. instances.Select(i => NewClient(i.Port))];
    private int turn;

    /// <summary>Starts all of them together and waits for the last.</summary>
    public static async Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> act)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = Enumerable.Range(0, count).Select(RunAsync).ToArray();
        start.SetResult();
        return await Task.WhenAll(all);

        async Task<T> RunAsync(int i)
        {
            await start.Task;
            return await act(i);
        }
    }

    /// <summary>A fetch of the site's own frontend.</summary>
    public Task<Reply> PostAsync(string url, object? body = null, string? cookies = null) =>
        SendAsync(Browser.JsonRequest(HttpMethod.Post, url, body ?? new { }), cookies);

    /// <summary>A navigation, or a read of a native app.</summary>
    public Task<Reply> GetAsync(string url, string? cookies = null, string? bearer = null) =>
        SendAsync(Authorized(new HttpRequestMessage(HttpMethod.Get, url), bearer), cookies);

    /// <summary>A new person with a native session at contoso.</summary>
    public async Task<Person> RegisterAsync()
    {
        var email = NewEmail();
        var reply = await PostAsync(Contoso + "/register", new { email, password = Password, transport = "body" });
        reply.Is(201);
        return new Person(reply.Json.GetProperty("user").GetProperty("id").GetString()!, email, reply.Text("refresh_token"));
    }

    /// <summary>Signs a person in as a native app.</summary>
    public Task<Reply> LoginAsync(string email) =>
        PostAsync(Contoso + "/login", new { email, password = Password, transport = "body" });

    /// <summary>Signs a person in as a browser at contoso: its cookies.</summary>
    public async Task<string> SignInAsync(string email) =>
        (await PostAsync(Contoso + "/login", new { email, password = Password })).Is(200).CookieHeader;

    /// <summary>Begins a handoff from contoso to fabrikam in a browser that nobody is signed in with there: what is to be accepted, and the browser's cookie.</summary>
    public async Task<(string AcceptUrl, string Cookie)> BeginHandoffAsync(string contosoCookies)
    {
        var start = (await GetAsync($"{Fabrikam}/handoff/start?from=contoso&return_to={Uri.EscapeDataString(FabrikamApp + "/")}")).Is(303);
        var minted = (await GetAsync(start.Location!, contosoCookies)).Is(303);
        Assert.StartsWith(Fabrikam + "/handoff/accept?token=", minted.Location, StringComparison.Ordinal);
        return (minted.Location!, start.CookieHeader);
    }

    /// <summary>Blocks a user or lets them in again.</summary>
    public async Task<Reply> ManageAsync(string operatorToken, string userId, string verb) =>
        (await SendAsync(
            Authorized(Browser.JsonRequest(HttpMethod.Post, $"{Contoso}/manage/users/{userId}/{verb}", new { }, origin: null), operatorToken), null)).Is(204);

    /// <summary>An operator's access token.</summary>
    public async Task<string> OperatorAsync()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Contoso + "/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials", ["client_id"] = "demo-operator", ["client_secret"] = "demo-operator-secret",
            }),
        };
        return (await SendAsync(request, null)).Is(200).Text("access_token");
    }

    /// <summary>A client's own access token, asked for with a DPoP proof.</summary>
    public Task<Reply> MachineTokenAsync(string proof)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Contoso + "/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials", ["client_id"] = "demo-machine", ["client_secret"] = "demo-machine-secret",
            }),
        };
        request.Headers.Add("DPoP", proof);
        return SendAsync(request, null);
    }

    public void Dispose() => clients.ToList().ForEach(c => c.Dispose());

    private static HttpRequestMessage Authorized(HttpRequestMessage request, string? bearer)
    {
        if (bearer is not null)
        {
            request.Headers.Add("Authorization", "Bearer " + bearer);
        }

        return request;
    }

    private async Task<Reply> SendAsync(HttpRequestMessage request, string? cookies)
    {
        if (cookies is { Length: > 0 })
        {
            request.Headers.Add("Cookie", cookies);
        }

        using (request)
        {
            using var response = await clients[(uint)Interlocked.Increment(ref turn) % clients.Length].SendAsync(request);
            return new Reply(
                (int)response.StatusCode,
                await response.Content.ReadAsStringAsync(),
                response.Headers.Location?.OriginalString,
                response.Headers.TryGetValues("Set-Cookie", out var set) ? [.. set.Select(c => c.Split(';')[0])] : []);
        }
    }

    private static HttpClient NewClient(int port) => new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (_, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}

/// <summary>Somebody with an account.</summary>
internal sealed record Person(string Id, string Email, string RefreshToken);

/// <summary>An answer, read to its end.</summary>
internal sealed record Reply(int Status, string Body, string? Location, IReadOnlyList<string> Cookies)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The cookies that it sets, as a browser would send them back; those that it removes are empty.</summary>
    public string CookieHeader => string.Join("; ", Cookies.Where(c => !c.EndsWith('=')));

    public string Text(string member) => Json.GetProperty(member).GetString()!;

    public string? Cookie(string name) => Cookies.FirstOrDefault(c => c.StartsWith(name + "=", StringComparison.Ordinal));

    /// <summary>The code of a refusal.</summary>
    public string Code => Text("code");

    public Reply Is(int status)
    {
        Assert.True(status == Status, $"{Status} {Location}: {Body}");
        return this;
    }
}
