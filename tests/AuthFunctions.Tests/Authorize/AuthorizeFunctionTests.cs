using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Authorize.Ceremony;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Authorize;

public class AuthorizeFunctionTests
{
    [Fact]
    public async Task A_signed_in_person_is_sent_back_with_a_code_that_yields_tokens_which_say_who_and_how()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var signedInAt = service.Clock.GetUtcNow().ToUnixTimeSeconds();
        service.Clock.Advance(TimeSpan.FromMinutes(2));

        using var response = await browser.AuthorizeAsync();
        var code = Answered(response)["code"];

        Assert.StartsWith(Callback + "?", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        using var redeemed = await browser.RedeemAsync(code);
        Assert.Equal(200, (int)redeemed.StatusCode);
        var tokens = await redeemed.JsonAsync();
        Assert.Equal("openid profile email", tokens.Text("scope"));
        Assert.Equal("Bearer", tokens.Text("token_type"));
        var id = tokens.Claims("id_token");
        Assert.Equal(Contoso, id.Text("iss"));
        Assert.Equal("demo-spa", id.Text("aud"));
        Assert.Equal("n-0S6_WzA2Mj", id.Text("nonce"));
        Assert.Equal(signedInAt, id.GetProperty("auth_time").GetInt64());
        Assert.Equal("""["pwd"]""", id.GetProperty("amr").GetRawText());
        Assert.Equal("Test Person", id.Text("name"));
        var access = tokens.Claims("access_token");
        Assert.Equal("demo-spa", access.Text("client_id"));
        Assert.Equal(Contoso, access.Text("aud"));
        Assert.Equal(id.Text("sid"), access.Text("sid"));
    }

    [Theory]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("response_mode", "web_message", "invalid_request")]
    [InlineData("scope", "openid orders.read", "invalid_scope")]
    [InlineData("scope", "openid  email", "invalid_scope")]
    [InlineData("scope", "auth.manage", "invalid_scope")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw", "invalid_request")]
    [InlineData("code_challenge", Challenge + "=", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", "s256", "invalid_request")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("prompt", "create", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("max_age", "an hour", "invalid_request")]
    [InlineData("max_age", "99999999999", "invalid_request")]
    [InlineData("id_token_hint", "eyJhbGciOiJub25lIn0.e30.", "invalid_request")]
    [InlineData("resource", "https://other.example", "invalid_target")]
    [InlineData("request_uri", "https://client.example/request", "request_uri_not_supported")]
    [InlineData("registration", "{}", "registration_not_supported")]
    public async Task A_fault_in_one_parameter_reaches_the_client_with_state_and_issuer(string name, string? value, string error)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        Assert.NotEmpty(await browser.CodeAsync());

        using var response = await browser.AuthorizeAsync((name, value));

        Errs(response, error);
        Assert.Contains(service.Log.Lines, l => l.Contains($"Refused with {error}:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nonce", 512)]
    [InlineData("login_hint", 320)]
    public async Task A_value_that_would_not_fit_into_a_URL_or_a_row_is_refused_one_byte_past_its_limit(string name, int longest)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();

        Assert.NotEmpty(await browser.CodeAsync((name, new string('n', longest))));
        using var response = await browser.AuthorizeAsync((name, new string('n', longest + 1)));

        Errs(response, "invalid_request");
    }

    [Theory]
    [InlineData("client_id", null)]
    [InlineData("client_id", "nobody")]
    [InlineData("client_id", "first-party")]
    [InlineData("client_id", "DEMO-SPA")]
    [InlineData("redirect_uri", null)]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    public async Task Without_a_known_client_and_redirect_URI_nobody_is_redirected(string name, string? value)
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        Assert.NotEmpty(await browser.CodeAsync());

        // The other fault would be the client's to hear of; this one comes first.
        using var response = await browser.AuthorizeAsync((name, value), ("response_type", "token"));

        await ShownAsync(response, 400, "invalid_request");
    }

    [Fact]
    public async Task A_repeated_parameter_is_shown_to_the_person_and_redirects_nobody()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();

        using var response = await browser.GetAsync(Url() + "&scope=openid");

        await ShownAsync(response, 400, "invalid_request");
    }

    [Fact]
    public async Task A_client_of_one_site_is_unknown_at_the_other()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var known = await browser.AuthorizeAsync(AsPartner);
        Onwards(known, "/signin");

        using var response = await browser.GetAsync(UrlAt(Fabrikam, AsPartner));

        await ShownAsync(response, 400, "invalid_request");
    }

    [Fact]
    public async Task A_client_without_the_grant_is_told_so()
    {
        await using var service = await StartAsync(new() { ["Clients:0:GrantTypes:0"] = "refresh_token" });
        using var browser = await service.SignedInAsync();

        using var response = await browser.AuthorizeAsync();

        Errs(response, "unauthorized_client");
    }

    [Fact]
    public async Task A_POST_goes_on_as_a_GET_with_the_request_sealed_and_ends_in_a_code()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var stranger = service.NewBrowser();

        // Across sites the browser keeps its Lax cookies back from the POST, so it is answered without looking at them.
        using var posted = await stranger.FormAsync(Contoso + "/authorize", null, Request());
        var onwards = Onwards(posted, "/authorize");

        Assert.DoesNotContain("demo-spa", onwards, StringComparison.Ordinal);
        using var response = await browser.GetAsync(Contoso + onwards);
        Assert.NotEmpty(Answered(response)["code"]);
    }

    [Fact]
    public async Task A_faulty_POST_is_answered_like_a_faulty_GET()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var faulty = await browser.FormAsync(Contoso + "/authorize", null, Request(("response_type", "token")));
        using var untrusted = await browser.FormAsync(Contoso + "/authorize", null, Request(("redirect_uri", Callback + "/")));

        Errs(faulty, "unsupported_response_type");
        await ShownAsync(untrusted, 400, "invalid_request");
    }

    [Fact]
    public async Task With_form_post_the_answer_is_a_form_to_the_redirect_URI_alone()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();

        using var response = await browser.AuthorizeAsync(("response_mode", "form_post"), ("state", "\"><script>"));
        var page = await response.Content.ReadAsStringAsync();

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains($"action=\"{Callback}\"", page, StringComparison.Ordinal);
        Assert.Contains("name=\"code\" value=\"code_", page, StringComparison.Ordinal);
        Assert.Contains($"name=\"iss\" value=\"{Contoso}\"", page, StringComparison.Ordinal);
        Assert.Contains("name=\"state\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("><script>", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Contains($"form-action 'self' {ContosoApp}", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_page_may_read_the_endpoint_across_origins()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, Url());
        request.Headers.Add("Origin", ContosoApp);
        var preflight = new HttpRequestMessage(HttpMethod.Options, Contoso + "/authorize");
        preflight.Headers.Add("Origin", ContosoApp);

        using var response = await browser.SendAsync(request);
        using var preflighted = await browser.SendAsync(preflight);

        Assert.Equal(303, (int)response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(preflighted.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_resource_becomes_the_audience_and_stays_it_when_the_tokens_are_refreshed()
    {
        await using var service = await StartAsync(new() { ["Clients:0:Resources:0"] = "https://orders.example" });
        using var browser = await service.SignedInAsync();

        var tokens = await browser.TokensAsync(("resource", "https://orders.example"));
        using var refreshed = await browser.RefreshAsync(tokens.Text("refresh_token"));

        Assert.Equal("https://orders.example", tokens.Claims("access_token").Text("aud"));
        Assert.Equal("https://orders.example", (await refreshed.JsonAsync()).Claims("access_token").Text("aud"));
    }

    /// <summary>RFC 9700 §4.14.2: although the client might have asked for the other one in the first place.</summary>
    [Fact]
    public async Task A_refresh_token_is_for_no_other_resource_than_the_one_that_was_authorized()
    {
        await using var service = await StartAsync(new()
        {
            ["Resources:bills:Audience"] = "https://bills.example",
            ["Clients:0:Resources:0"] = "https://orders.example",
            ["Clients:0:Resources:1"] = "https://bills.example",
        });
        using var browser = await service.SignedInAsync();
        var refreshToken = (await browser.TokensAsync(("resource", "https://orders.example"))).Text("refresh_token");

        using var other = await RefreshAsync("https://bills.example");
        using var same = await RefreshAsync("https://orders.example");

        await other.RefusedAsync(400, "invalid_target");
        Assert.Equal("https://orders.example", (await same.JsonAsync()).Claims("access_token").Text("aud"));

        Task<HttpResponseMessage> RefreshAsync(string resource) => browser.FormAsync(
            Contoso + "/token", null, ("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", refreshToken), ("resource", resource));
    }
}
