using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Sessions;
using AuthFunctions.Tests.Storage;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Http;

public class OutageTests(SharedService shared) : IClassFixture<SharedService>
{
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(10);

    private readonly TestService service = shared.Service;

    public static TheoryData<string, string, int> Endpoints => new()
    {
        { "POST", "/login", 200 },
        { "POST", "/refresh", 200 },
        { "GET", "/session?fresh=1", 200 },
        { "GET", "/sessions", 200 },
        { "POST", "/logout", 204 },
        { "POST", "/logout/all", 204 },
        { "DELETE", "/sessions/{id}", 204 },
        { "GET", "/health/ready", 200 },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task When_storage_cannot_be_read_the_answer_is_503_with_a_wait_shorter_than_the_leeway_and_no_cookie(string method, string path, int status)
    {
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        var (_, sessionId) = await browser.WhoAsync();

        service.Faults["Users"].ReadsFail = true;
        using var unavailable = await browser.SendAsync(Request());
        service.Faults["Users"].ReadsFail = false;
        using var valid = await browser.SendAsync(Request());

        await IsUnavailableAsync(unavailable);
        await valid.IsAsync(status);

        HttpRequestMessage Request() => Browser.JsonRequest(
            new(method), Contoso + path.Replace("{id}", sessionId, StringComparison.Ordinal),
            method == "GET" ? null : new { email, password = Password });
    }

    [Theory]
    [InlineData("/login", 200)]
    [InlineData("/register", 201)]
    [InlineData("/refresh", 200)]
    [InlineData("/logout", 204)]
    [InlineData("/logout/all", 204)]
    public async Task When_storage_cannot_be_written_the_answer_is_503_and_no_cookie_is_set_or_cleared(string path, int status)
    {
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        var body = new { email = path == "/register" ? NewEmail() : email, password = Password };

        service.Faults["Users"].NextCommit = Fault.FailBeforeCommit;
        using var unavailable = await browser.PostAsync(Contoso + path, body);

        await IsUnavailableAsync(unavailable);
        await browser.WhoAsync();
        service.Clock.Advance(TimeSpan.FromMinutes(2));
        using var valid = await browser.PostAsync(Contoso + path, body);
        await valid.IsAsync(status);
    }

    [Theory]
    [InlineData("/login")]
    [InlineData("/refresh")]
    public async Task When_the_vault_cannot_sign_the_answer_is_503_and_nothing_has_changed(string path)
    {
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        var (userId, sessionId) = await browser.WhoAsync();
        var row = await service.RowAsync(userId, sessionId);

        service.Keys.Unreachable = true;
        using var unavailable = await browser.PostAsync(Contoso + path, new { email, password = Password });
        service.Keys.Unreachable = false;

        await IsUnavailableAsync(unavailable);
        Assert.Equal(row!.ETag, (await service.RowAsync(userId, sessionId))!.ETag);
    }

    [Fact]
    public async Task What_needs_no_storage_goes_on_without_it()
    {
        using var browser = await service.SignedInAsync();

        service.Faults["Users"].ReadsFail = true;
        using var session = await browser.GetAsync(Contoso + "/session");
        using var keys = await browser.GetAsync(Contoso + "/.well-known/jwks.json");
        using var health = await browser.GetAsync(Contoso + "/health");
        service.Faults["Users"].ReadsFail = false;

        await session.IsAsync(200);
        await keys.IsAsync(200);
        await health.IsAsync(200);
    }

    [Fact]
    public async Task A_mistake_of_the_service_is_a_500_that_tells_nothing_and_is_not_stored()
    {
        await using var broken = await StartAsync();
        broken.Keys.LoadFails = new InvalidOperationException("inner detail");
        using var browser = broken.NewBrowser();

        using var failed = await browser.GetAsync(Contoso + "/.well-known/jwks.json");

        await failed.RefusedAsync(500, "internal_error");
        Assert.Equal("no-store", failed.Headers.CacheControl!.ToString());
        Assert.Equal("nosniff", failed.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.DoesNotContain("inner detail", await failed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(broken.Log.Lines, l => l.Contains("Jwks failed", StringComparison.Ordinal) && l.Contains("inner detail", StringComparison.Ordinal));
    }

    private static async Task IsUnavailableAsync(HttpResponseMessage response)
    {
        await response.RefusedAsync(503, "unavailable");
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), Leeway - TimeSpan.FromSeconds(1));
        Assert.Empty(response.SetCookies());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }
}
