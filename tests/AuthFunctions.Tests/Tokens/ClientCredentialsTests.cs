using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Tokens;

public class ClientCredentialsTests
{
    private static readonly Dictionary<string, string?> TwoScopes = new()
    {
        ["Clients:2:Scopes:1"] = "orders.write",
        ["Clients:2:Scopes:2"] = "openid",
    };

    [Fact]
    public async Task A_client_gets_all_of_its_scope_but_that_of_users_and_no_refresh_token()
    {
        await using var service = await StartAsync(TwoScopes);
        using var browser = service.NewBrowser();

        using var response = await browser.FormAsync(Contoso + "/token", OAuthCalls.Machine, ("grant_type", "client_credentials"));

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(("no-store", "no-cache"), (response.Headers.CacheControl!.ToString(), response.Headers.Pragma.ToString()));
        var body = await response.JsonAsync();
        Assert.Equal("access_token expires_in scope token_type", body.Members());
        Assert.Equal(("Bearer", "orders.read orders.write"), (body.Text("token_type"), body.Text("scope")));
    }

    [Fact]
    public async Task A_client_may_ask_for_a_part_of_its_scope()
    {
        await using var service = await StartAsync(TwoScopes);

        var token = await service.ClientTokenAsync(OAuthCalls.Machine, ("scope", "orders.write"));

        Assert.Equal("orders.write", OAuthCalls.Decode(token).Claims.Text("scope"));
    }

    [Theory]
    [InlineData("orders.delete")]
    [InlineData("orders.read orders.delete")]
    [InlineData("openid")]
    [InlineData("offline_access")]
    [InlineData("orders.read  orders.write")]
    [InlineData("orders\"read")]
    [InlineData("ORDERS.READ")]
    [InlineData("auth.manage")]
    public async Task A_scope_that_is_not_the_client_s_is_refused(string scope)
    {
        await using var service = await StartAsync(TwoScopes);
        using var browser = service.NewBrowser();

        using var response = await browser.FormAsync(Contoso + "/token", OAuthCalls.Machine, ("grant_type", "client_credentials"), ("scope", scope));

        await response.RefusedAsync(400, "invalid_scope");
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("https://orders.example/")]
    [InlineData(Contoso)]
    public async Task A_resource_that_is_not_the_client_s_is_refused(string resource)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var response = await browser.FormAsync(Contoso + "/token", OAuthCalls.Machine, ("grant_type", "client_credentials"), ("resource", resource));

        await response.RefusedAsync(400, "invalid_target");
        service.AssertReason("unknown resource, or not this client's");
    }

    [Fact]
    public async Task Two_resources_are_refused_because_a_token_has_one_audience()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var response = await browser.FormAsync(
            Contoso + "/token", OAuthCalls.Machine, ("grant_type", "client_credentials"), ("resource", "https://orders.example"), ("resource", "https://orders.example"));

        await response.RefusedAsync(400, "invalid_target");
        service.AssertReason("more than one resource");
    }

    [Fact]
    public async Task A_client_of_another_grant_is_refused()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var response = await browser.FormAsync(Contoso + "/token", OAuthCalls.Web, ("grant_type", "client_credentials"));

        await response.RefusedAsync(400, "unauthorized_client");
        service.AssertReason("grant type not registered for the client");
    }

    [Fact]
    public async Task A_public_client_is_refused_even_if_the_grant_was_given_to_it()
    {
        // Keys for encryption only: the validator sees keys, but none that authenticates.
        const string EncryptionKey = """
            {"keys":[{"kty":"EC","crv":"P-256","use":"enc","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}
            """;
        await using var service = await StartAsync(OAuthCalls.Client(
            "no-proof", null, ("Jwks", EncryptionKey), ("GrantTypes:0", "client_credentials"), ("Scopes:0", "orders.read")));
        using var browser = service.NewBrowser();

        using var response = await browser.FormAsync(Contoso + "/token", null, ("grant_type", "client_credentials"), ("client_id", "no-proof"));

        await response.RefusedAsync(400, "unauthorized_client");
        service.AssertReason("a public client cannot act for itself");
    }
}
