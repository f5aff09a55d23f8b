using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.UserInfo;

/// <summary>Access tokens that are bound to a key, at a resource (RFC 9449 §7).</summary>
public class DpopUserInfoTests
{
    [Fact]
    public async Task A_bound_token_opens_with_a_proof_of_its_key_for_this_token()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var key = new DpopKey(service);
        var token = await TokenAsync(browser, key);

        using var response = await key.UserInfoAsync(browser, token);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.NotNull(await response.TextAsync("sub"));
        Assert.Equal(key.Nonce, response.Headers.GetValues("DPoP-Nonce").Single());
    }

    [Fact]
    public async Task As_a_bearers_token_it_opens_nothing_with_or_without_a_proof()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var key = new DpopKey(service);
        var token = await TokenAsync(browser, key);

        using var bearer = await key.UserInfoAsync(browser, token, scheme: "Bearer");
        using var form = await browser.FormAsync(Contoso + "/userinfo", null, ("access_token", token));

        await bearer.RefusedAsync(401, "invalid_token");
        await form.RefusedAsync(401, "invalid_token");
        Assert.Equal("Bearer error=\"invalid_token\"", bearer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_bearers_token_under_the_DPoP_scheme_opens_nothing()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var key = new DpopKey(service);
        await key.LearnNonceAsync(browser);
        var token = (await browser.TokensAsync()).GetProperty("access_token").GetString()!;
        using var valid = await key.UserInfoAsync(browser, token, scheme: "Bearer");
        Assert.Equal(200, (int)valid.StatusCode);

        using var response = await key.UserInfoAsync(browser, token);

        await response.RefusedAsync(401, "invalid_token");
        Assert.Equal("DPoP error=\"invalid_token\", algs=\"ES256\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Another_key_another_tokens_hash_no_hash_and_no_proof_are_refused()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var key = new DpopKey(service);
        using var thief = new DpopKey(service);
        var token = await TokenAsync(browser, key);
        await thief.LearnNonceAsync(browser);

        using var stolen = await thief.UserInfoAsync(browser, token);
        using var otherToken = await key.UserInfoAsync(browser, token, key.Proof("GET", Contoso + "/userinfo", token + "x"));
        using var noHash = await key.UserInfoAsync(browser, token, key.Proof("GET", Contoso + "/userinfo"));
        var bare = new HttpRequestMessage(HttpMethod.Get, Contoso + "/userinfo");
        bare.Headers.TryAddWithoutValidation("Authorization", "DPoP " + token);
        using var noProof = await browser.SendAsync(bare);

        await stolen.RefusedAsync(401, "invalid_token");
        foreach (var refused in new[] { otherToken, noHash, noProof })
        {
            await refused.RefusedAsync(401, "invalid_dpop_proof");
            Assert.Equal("DPoP error=\"invalid_dpop_proof\", algs=\"ES256\"", refused.Headers.WwwAuthenticate.ToString());
        }

        using var owner = await key.UserInfoAsync(browser, token);
        Assert.Equal(200, (int)owner.StatusCode);
    }

    [Fact]
    public async Task A_stale_nonce_is_answered_with_a_fresh_one()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var key = new DpopKey(service);
        var token = await TokenAsync(browser, key);

        using var stale = await key.UserInfoAsync(
            browser, token, key.Proof("GET", Contoso + "/userinfo", token, (_, claims) => claims["nonce"] = "stale"));
        using var fresh = await key.UserInfoAsync(browser, token);

        await stale.RefusedAsync(401, "use_dpop_nonce");
        Assert.Equal("DPoP error=\"use_dpop_nonce\", algs=\"ES256\"", stale.Headers.WwwAuthenticate.ToString());
        Assert.Equal(200, (int)fresh.StatusCode);
    }

    [Fact]
    public async Task A_proof_counts_once_here_too_and_none_of_another_endpoint_counts()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var key = new DpopKey(service);
        var token = await TokenAsync(browser, key);
        var proof = key.Proof("GET", Contoso + "/userinfo", token);

        using var first = await key.UserInfoAsync(browser, token, proof);
        using var again = await key.UserInfoAsync(browser, token, proof);
        using var elsewhere = await key.UserInfoAsync(browser, token, key.Proof("GET", Contoso + "/token", token));

        Assert.Equal(200, (int)first.StatusCode);
        await again.RefusedAsync(401, "invalid_dpop_proof");
        await elsewhere.RefusedAsync(401, "invalid_dpop_proof");
    }

    [Fact]
    public async Task An_operators_bound_token_opens_the_management_with_a_proof_alone()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);
        using var issued = await key.FormAsync(browser, "/token", OAuthCalls.Operator, ("grant_type", "client_credentials"));
        var token = (await issued.TextAsync("access_token"))!;

        using var bearer = await AskAsync("Bearer", null);
        using var proven = await AskAsync("DPoP", key.Proof("GET", Contoso + "/manage/users", token));

        await bearer.RefusedAsync(401, "invalid_token");
        Assert.Equal(200, (int)proven.StatusCode);

        Task<HttpResponseMessage> AskAsync(string scheme, string? proof)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, Contoso + "/manage/users?email=nobody@people.test");
            request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {token}");
            if (proof is not null)
            {
                request.Headers.Add("DPoP", proof);
            }

            return browser.SendAsync(request);
        }
    }

    [Fact]
    public async Task A_page_of_a_client_may_send_a_proof_and_read_the_nonce()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        var preflight = new HttpRequestMessage(HttpMethod.Options, Contoso + "/token");
        preflight.Headers.Add("Origin", ContosoApp);
        preflight.Headers.Add("Access-Control-Request-Headers", "dpop");
        var actual = new HttpRequestMessage(HttpMethod.Post, Contoso + "/token");
        actual.Headers.Add("Origin", ContosoApp);

        using var allowed = await browser.SendAsync(preflight);
        using var answered = await browser.SendAsync(actual);

        Assert.Contains("DPoP", allowed.Headers.GetValues("Access-Control-Allow-Headers").Single().Split(", "));
        Assert.Contains("DPoP-Nonce", answered.Headers.GetValues("Access-Control-Expose-Headers").Single().Split(", "));
    }

    private static async Task<string> TokenAsync(Browser browser, DpopKey key)
    {
        using var response = await key.FormAsync(
            browser, "/token", null, ("grant_type", "authorization_code"), ("client_id", "demo-spa"), ("code", await browser.CodeAsync()),
            ("redirect_uri", Ceremony.Callback), ("code_verifier", Ceremony.Verifier));
        Assert.Equal(200, (int)response.StatusCode);
        return (await response.TextAsync("access_token"))!;
    }
}
