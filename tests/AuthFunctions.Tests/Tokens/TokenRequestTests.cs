using System.Net.Http.Headers;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Tokens;

/// <summary>What the token endpoint asks of every request (RFC 6749 §3.2).</summary>
public class TokenRequestTests
{
    [Fact]
    public async Task A_request_without_grant_type_is_refused()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var missing = await browser.FormAsync(Contoso + "/token", OAuthCalls.Machine, ("scope", "orders.read"));
        using var empty = await browser.FormAsync(Contoso + "/token", OAuthCalls.Machine, ("grant_type", ""));

        await missing.RefusedAsync(400, "invalid_request");
        await empty.RefusedAsync(400, "invalid_request");
        service.AssertReason("grant_type is missing");
    }

    [Theory]
    [InlineData("password")]
    [InlineData("implicit")]
    [InlineData("CLIENT_CREDENTIALS")]
    public async Task An_unknown_grant_is_refused(string grantType)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var response = await browser.FormAsync(Contoso + "/token", OAuthCalls.Machine, ("grant_type", grantType));

        await response.RefusedAsync(400, "unsupported_grant_type");
    }

    [Theory]
    [InlineData("grant_type", "client_credentials")]
    [InlineData("scope", "orders.read")]
    [InlineData("unheard_of", "x")]
    public async Task A_repeated_parameter_is_refused(string name, string value)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        (string, string)[] valid = name == "grant_type" ? [(name, value)] : [("grant_type", "client_credentials"), (name, value)];
        using var once = await browser.FormAsync(Contoso + "/token", OAuthCalls.Machine, valid);
        Assert.Equal(200, (int)once.StatusCode);

        using var twice = await browser.FormAsync(Contoso + "/token", OAuthCalls.Machine, [.. valid, (name, value)]);

        await twice.RefusedAsync(400, "invalid_request");
        service.AssertReason("a parameter is repeated");
    }

    [Theory]
    [InlineData("application/json", """{"grant_type":"client_credentials"}""")]
    [InlineData("text/plain", "grant_type=client_credentials")]
    [InlineData(null, "grant_type=client_credentials")]
    public async Task A_body_that_is_no_form_is_refused(string? type, string body)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var request = new HttpRequestMessage(HttpMethod.Post, Contoso + "/token") { Content = new StringContent(body) };
        request.Content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("demo-machine:demo-machine-secret"u8));

        using var response = await browser.SendAsync(request);

        await response.RefusedAsync(400, "invalid_request");
        service.AssertReason("the body must be application/x-www-form-urlencoded");
    }

    [Fact]
    public async Task Parameters_in_the_query_count_for_nothing()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var response = await browser.FormAsync(
            Contoso + "/token?grant_type=client_credentials&client_id=demo-machine&client_secret=demo-machine-secret", null, ("scope", "orders.read"));

        await response.RefusedAsync(401, "invalid_client");
    }

    [Fact]
    public async Task Cookies_are_ignored()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();

        using var response = await browser.FormAsync(Contoso + "/token", OAuthCalls.Machine, ("grant_type", "client_credentials"));

        Assert.Equal(200, (int)response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Equal("demo-machine", OAuthCalls.Decode((await response.TextAsync("access_token"))!).Claims.Text("sub"));
    }
}
