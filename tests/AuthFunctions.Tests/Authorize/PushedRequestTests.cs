using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Authorize.Ceremony;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Authorize;

public class PushedRequestTests
{
    public static string PushedUrl(string requestUri, string client = "demo-spa", string site = Contoso) =>
        $"{site}/authorize?client_id={client}&request_uri={Uri.EscapeDataString(requestUri)}";

    [Fact]
    public async Task A_pushed_request_is_used_once_and_the_URL_shows_nothing_of_it()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var response = await browser.FormAsync(Contoso + "/par", null, Request());

        Assert.Equal(201, (int)response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal(60, (await response.JsonAsync()).GetProperty("expires_in").GetInt32());
        var requestUri = (await response.TextAsync("request_uri"))!;
        Assert.StartsWith("urn:ietf:params:oauth:request_uri:par_", requestUri, StringComparison.Ordinal);
        using var used = await browser.GetAsync(PushedUrl(requestUri));
        using var redeemed = await browser.RedeemAsync(Answered(used)["code"]);
        using var again = await browser.GetAsync(PushedUrl(requestUri));

        Assert.Equal(200, (int)redeemed.StatusCode);
        await ShownAsync(again, 400, "invalid_request");
    }

    [Fact]
    public async Task Another_client_or_site_or_a_guess_is_refused_and_does_not_use_it_up()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var requestUri = await PushAsync(browser);

        using var otherClient = await browser.GetAsync(PushedUrl(requestUri, "demo-web"));
        using var nobody = await browser.GetAsync(PushedUrl(requestUri, "nobody"));
        using var otherSite = await browser.GetAsync(PushedUrl(requestUri, site: Fabrikam));
        using var guessed = await browser.GetAsync(PushedUrl(requestUri[..^3] + (requestUri[^3] == 'A' ? 'B' : 'A') + requestUri[^2..]));
        using var malformed = await browser.GetAsync(PushedUrl("urn:ietf:params:oauth:request_uri:x"));
        using var valid = await browser.GetAsync(PushedUrl(requestUri));

        foreach (var refused in new[] { otherClient, nobody, otherSite, guessed, malformed })
        {
            await ShownAsync(refused, 400, "invalid_request");
        }

        Assert.NotEmpty(Answered(valid)["code"]);
    }

    [Fact]
    public async Task It_waits_sixty_seconds()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var (inTime, late) = (await PushAsync(browser), await PushAsync(browser));

        service.Clock.Advance(TimeSpan.FromSeconds(59));
        using var valid = await browser.GetAsync(PushedUrl(inTime));
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var expired = await browser.GetAsync(PushedUrl(late));

        Assert.NotEmpty(Answered(valid)["code"]);
        await ShownAsync(expired, 400, "invalid_request");
    }

    [Fact]
    public async Task Who_signed_in_between_push_and_use_signs_in_anew_where_the_request_asks_for_it()
    {
        await using var service = await StartAsync();
        using var early = await service.SignedInAsync();
        var requestUri = await PushAsync(early, ("prompt", "login"));
        service.Clock.Advance(TimeSpan.FromSeconds(5));
        using var browser = await service.SignedInAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(5));

        using var response = await browser.GetAsync(PushedUrl(requestUri));

        Onwards(response, "/signin");
    }

    [Fact]
    public async Task Parameters_beside_the_pushed_ones_count_for_nothing()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var requestUri = await PushAsync(browser);

        using var response = await browser.GetAsync(PushedUrl(requestUri) + "&state=other&redirect_uri=https%3A%2F%2Fevil.test%2F");

        Assert.NotEmpty(Answered(response)["code"]);
    }

    [Fact]
    public async Task A_client_that_must_push_is_refused_without()
    {
        await using var service = await StartAsync(new() { ["Clients:0:RequirePushedAuthorizationRequests"] = "true" });
        using var browser = await service.SignedInAsync();

        using var plain = await browser.AuthorizeAsync();
        using var posted = await browser.FormAsync(Contoso + "/authorize", null, Request());
        using var pushed = await browser.GetAsync(PushedUrl(await PushAsync(browser)));

        Errs(plain, "invalid_request");
        Errs(posted, "invalid_request");
        Assert.NotEmpty(Answered(pushed)["code"]);
    }

    [Theory]
    [InlineData("redirect_uri", "https://evil.test/", 400, "invalid_request")]
    [InlineData("request_uri", "urn:ietf:params:oauth:request_uri:x", 400, "invalid_request")]
    [InlineData("code_challenge", null, 400, "invalid_request")]
    [InlineData("scope", "orders.read", 400, "invalid_scope")]
    [InlineData("response_type", "token", 400, "unsupported_response_type")]
    [InlineData("client_id", "nobody", 401, "invalid_client")]
    [InlineData("client_id", "demo-web", 401, "invalid_client")]
    public async Task A_fault_is_found_when_it_is_pushed(string name, string? value, int status, string error)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        await PushAsync(browser);

        using var response = await browser.FormAsync(Contoso + "/par", null, Request((name, value)));

        await response.RefusedAsync(status, error);
    }

    [Fact]
    public async Task A_state_too_long_for_a_row_is_refused_rather_than_stored()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        await PushAsync(browser, ("state", new string('s', 2048)));

        using var response = await browser.FormAsync(Contoso + "/par", null, Request(("state", new string('s', 40_000))));

        await response.RefusedAsync(400, "invalid_request");
    }

    [Fact]
    public async Task A_client_pushes_under_its_own_name_only()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var own = await browser.FormAsync(Contoso + "/par", ("demo-web", "demo-web-secret"), Request(("client_id", "demo-web")));
        Assert.Equal(201, (int)own.StatusCode);

        using var response = await browser.FormAsync(Contoso + "/par", ("demo-web", "demo-web-secret"), Request());

        await response.RefusedAsync(401, "invalid_client");
    }

    private static async Task<string> PushAsync(Browser browser, params (string Name, string? Value)[] spoilt)
    {
        using var response = await browser.FormAsync(Contoso + "/par", null, Request(spoilt));
        Assert.Equal(201, (int)response.StatusCode);
        return (await response.TextAsync("request_uri"))!;
    }
}
