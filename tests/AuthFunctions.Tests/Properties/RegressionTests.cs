using System.Buffers.Text;
using System.Text;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using AuthFunctions.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Properties;

/// <summary>What the properties found, each with the request that showed it.</summary>
public sealed class RegressionTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    [Theory]
    [InlineData("GET", "/sessions", "__Host-sid=sid_!")]
    [InlineData("GET", "/sessions", "__Host-sid=sid_A")]
    [InlineData("POST", "/refresh", "__Host-sid=sid_A=B")]
    public async Task A_malformed_session_cookie_is_401_and_no_mistake_of_the_service(string method, string path, string cookie)
    {
        using var browser = fixture.Service.NewBrowser();
        using var request = Browser.JsonRequest(new HttpMethod(method), Contoso + path, null);
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("X-Requested-With", "fetch");

        using var response = await browser.SendAsync(request);

        await response.RefusedAsync(401, "session_ended");
    }

    [Fact]
    public async Task A_host_that_is_no_punycode_is_421_as_any_unknown_one()
    {
        using var browser = fixture.Service.NewBrowser();
        using var request = new HttpRequestMessage(HttpMethod.Get, Contoso + "/.well-known/jwks.json");
        request.Headers.Host = "xn--10";

        using var response = await browser.SendAsync(request);

        await response.RefusedAsync(421, "unknown_host");
    }

    [Theory]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"email\":\"a@b.test\",\"x\":{\"\\udc00\":1,\"\\udc00\":2}}")]
    public async Task A_field_whose_name_is_no_Unicode_is_400(string body)
    {
        using var browser = fixture.Service.NewBrowser();
        using var request = Browser.JsonRequest(HttpMethod.Post, Contoso + "/login", null);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await browser.SendAsync(request);

        await response.RefusedAsync(400, "invalid_request");
    }

    [Theory]
    [InlineData("/token", "application/x-www-form-urlencoded; ;=")]
    [InlineData("/signin", "application/x-www-form-urlencoded; ;=")]
    [InlineData("/token", "application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData("/signin", "application/x-www-form-urlencoded; charset=utf-16")]
    public async Task A_form_whose_content_type_is_malformed_or_of_another_charset_is_400(string path, string contentType)
    {
        var answer = await new RawRequest(
            "POST", Encoding.ASCII.GetBytes(path), "auth.contoso.localhost:7071"u8.ToArray(),
            [("Origin", Encoding.ASCII.GetBytes(Contoso)), ("Content-Type", Encoding.ASCII.GetBytes(contentType))], "a=b"u8.ToArray())
            .SendAsync(fixture.Service.Port);

        Assert.Equal(400, answer!.Status);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("Application/X-WWW-Form-URLEncoded; charset=\"UTF-8\"")]
    public async Task A_form_in_UTF_8_is_read(string contentType)
    {
        var answer = await new RawRequest(
            "POST", "/token"u8.ToArray(), "auth.contoso.localhost:7071"u8.ToArray(),
            [("Content-Type", Encoding.ASCII.GetBytes(contentType))],
            "grant_type=client_credentials&client_id=demo-machine&client_secret=demo-machine-secret"u8.ToArray()).SendAsync(fixture.Service.Port);

        Assert.Equal(200, answer!.Status);
    }

    [Fact]
    public async Task A_return_URL_in_other_letters_leads_where_it_was_compared()
    {
        using var browser = await fixture.Service.SignedInAsync();

        using var page = await browser.GetAsync(Contoso + "/signin?return_to=" + Uri.EscapeDataString("http://app.\uFF43ontoso.localhost:5173/x"));
        var html = await page.Content.ReadAsStringAsync();

        Assert.Equal(200, (int)page.StatusCode);
        Assert.Contains("value=\"http://app.contoso.localhost:5173/x\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_longest_name_and_address_in_any_script_fit_into_a_cookie()
    {
        using var browser = fixture.Service.NewBrowser();
        var email = new string('\u4E2D', (254 - "@people.test".Length) / 3) + "@people.test";

        using var response = await browser.PostAsync(
            Contoso + "/register", new { email, password = Password, name = string.Concat(Enumerable.Repeat("\U0001F600", 100)) });

        Assert.Equal(201, (int)response.StatusCode);
        Assert.All(response.Headers.GetValues("Set-Cookie"), cookie => Assert.True(cookie.Length < 4096, $"{cookie.Length} bytes"));
        using var session = await browser.GetAsync(Contoso + "/session");
        Assert.Equal(email, (await session.JsonAsync()).GetProperty("user").GetProperty("email").GetString());
    }

    [Fact]
    public async Task A_return_URL_that_no_cookie_can_hold_is_refused_when_a_handoff_begins()
    {
        using var browser = fixture.Service.NewBrowser();
        string Start(int length) => $"{Fabrikam}/handoff/start?from=contoso&return_to={Uri.EscapeDataString(FabrikamApp + "/" + new string('x', length))}";

        using var fits = await browser.GetAsync(Start(1900));
        using var tooLong = await browser.GetAsync(Start(4000));

        Assert.Equal(303, (int)fits.StatusCode);
        Assert.All(fits.Headers.GetValues("Set-Cookie"), cookie => Assert.True(cookie.Length < 4096, $"{cookie.Length} bytes"));
        Assert.Equal(400, (int)tooLong.StatusCode);
        Assert.False(tooLong.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("e30.e30=.AA")]
    [InlineData("e30.\u4E2D.AA")]
    [InlineData("e30.e30.A")]
    public async Task A_token_that_is_no_base64url_is_no_token_and_no_mistake_of_the_service(string token)
    {
        using var browser = fixture.Service.NewBrowser();

        using var assertion = await browser.FormAsync(
            Contoso + "/token", null, ("grant_type", "client_credentials"), ("client_assertion", token),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
        using var handoff = await browser.GetAsync($"{Fabrikam}/handoff/accept?token={Uri.EscapeDataString(token)}");

        await assertion.RefusedAsync(401, "invalid_client");
        Assert.Equal(400, (int)handoff.StatusCode);
    }

    [Theory]
    [InlineData("==")]
    [InlineData("=")]
    [InlineData(" ")]
    [InlineData("\n")]
    public async Task A_token_has_one_spelling(string more)
    {
        var site = fixture.Service.Get<SiteDirectory>().Find("contoso")!;
        var token = (await fixture.Service.NativeAsync()).AccessToken;

        var genuine = await fixture.Service.Get<AccessTokenReader>().ReadAsync(token, site, default);
        var other = await fixture.Service.Get<AccessTokenReader>().ReadAsync(token + more, site, default);

        Assert.IsType<AccessTokenReading.Valid>(genuine);
        Assert.IsType<AccessTokenReading.Invalid>(other);
    }

    [Fact]
    public void A_proof_with_a_member_whose_name_is_no_Unicode_is_none() =>
        Assert.Equal("no JWT", DpopProof.Read($"{Base64Url.EncodeToString("{\"\\ud800\":1}"u8)}.e30.AA").Fault);

    [Fact]
    public async Task A_return_URL_whose_host_is_of_no_letters_that_a_name_may_have_is_none()
    {
        using var browser = fixture.Service.NewBrowser();

        using var page = await browser.GetAsync(Contoso + "/signin?return_to=" + Uri.EscapeDataString("http://app.conto\uED81so.localhost:5173/"));

        Assert.Equal(200, (int)page.StatusCode);
        Assert.Contains($"name=\"return_to\" value=\"{ContosoApp}/\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sealed_request_of_letters_that_no_header_may_have_leads_home()
    {
        var email = NewEmail();
        using var owner = await fixture.Service.SignedInAsync(email: email);
        using var browser = fixture.Service.NewBrowser();
        using var page = await browser.GetAsync(Contoso + "/signin");

        using var signedIn = await browser.SubmitAsync(
            Contoso + "/signin", await page.Content.ReadAsStringAsync(), ("email", email), ("password", Password), ("return_to", "/authorize?sealed=\u00E9"));

        Assert.Equal((303, ContosoApp + "/"), ((int)signedIn.StatusCode, signedIn.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task A_forged_form_writes_one_line_and_no_error()
    {
        using var browser = fixture.Service.NewBrowser();
        var before = fixture.Service.Log.Lines.Count;

        using var refused = await browser.SendAsync(Browser.PageRequest(Contoso + "/signin", "", ("csrf", "CfDJ8AAAA"), ("email", "x"), ("password", "x")));

        Assert.Equal(403, (int)refused.StatusCode);
        var line = Assert.Single(fixture.Service.Log.Lines.Skip(before), l => !l.Contains("Microsoft.AspNetCore.", StringComparison.Ordinal));
        Assert.StartsWith("Information ", line, StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Service.Log.Lines, l => l.Contains("Antiforgery", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/login", "application/json")]
    [InlineData("/token", "application/x-www-form-urlencoded")]
    public async Task A_chunk_that_is_too_large_for_the_server_is_400(string path, string contentType)
    {
        var (replies, _) = await Hostile.Wire.SendAloneAsync(fixture.Service.Port, Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: auth.contoso.localhost:7071\r\nOrigin: http://app.contoso.localhost:5173\r\n"
            + $"Content-Type: {contentType}\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "FFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n"));

        Assert.Equal(400, Assert.Single(replies).Status);
    }
}
