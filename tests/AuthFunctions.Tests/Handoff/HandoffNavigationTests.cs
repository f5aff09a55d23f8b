using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>What the three GETs ask of a request before they look at what it wants.</summary>
public class HandoffNavigationTests(HandoffService shared) : IClassFixture<HandoffService>
{
    private readonly TestService service = shared.Service;

    [Theory]
    [InlineData("Sec-Fetch-Mode", "cors", "Sec-Fetch-Mode is not navigate")]
    [InlineData("Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Mode is not navigate")]
    [InlineData("Sec-Fetch-Mode", "same-origin", "Sec-Fetch-Mode is not navigate")]
    [InlineData("Sec-Fetch-Mode", "websocket", "Sec-Fetch-Mode is not navigate")]
    [InlineData("Sec-Purpose", "prefetch", "prefetch")]
    [InlineData("Sec-Purpose", "prefetch;prerender", "prefetch")]
    [InlineData("Purpose", "prefetch", "prefetch")]
    [InlineData("X-Moz", "prefetch", "prefetch")]
    public async Task Each_step_is_a_navigation_or_nothing_happens(string header, string value, string reason)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var two = await handoff.StartAsync();
        var three = await handoff.MintAsync(two);
        service.Keys.Reset();

        foreach (var url in new[] { handoff.StartUrl(), two, three })
        {
            handoff.Browser.Headers[header] = value;
            await handoff.RefusedOnPageAsync(url, code: "navigation_only", reason: "handoff: " + reason);
        }

        Assert.Equal(0, service.Keys.Signatures);
        Assert.Single(handoff.HandoffCookies());
        handoff.Browser.Headers.Clear();
        handoff.Browser.Headers["Sec-Fetch-Mode"] = "navigate";
        await handoff.ArriveAsync(three);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Other_methods_do_nothing(string method)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var two = await handoff.StartAsync();
        var three = await handoff.MintAsync(two);
        service.Keys.Reset();

        foreach (var (url, allow) in new[] { (handoff.StartUrl(), "GET"), (two, "GET, POST"), (three, "GET, POST") })
        {
            using var response = await handoff.Browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), url));
            Assert.Equal(method == "OPTIONS" ? 204 : 405, (int)response.StatusCode);
            Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow.Order(StringComparer.Ordinal)));
            Assert.False(response.Headers.Contains("Set-Cookie"));
            HandoffCeremony.AssertUnread(response);
        }

        Assert.Equal(0, service.Keys.Signatures);
        await handoff.ArriveAsync(three);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAA/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAA+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_malformed_nonce_hash_is_refused_rather_than_bounced(string hash)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        service.Keys.Reset();

        await handoff.RefusedOnPageAsync(
            $"{Contoso}/handoff?to=fabrikam&nonce_hash={Uri.EscapeDataString(hash)}", code: "invalid_request",
            reason: "nonce_hash must be the base64url SHA-256 of a nonce.");
        Assert.Equal(0, service.Keys.Signatures);
        await handoff.MintAsync($"{Contoso}/handoff?to=fabrikam&nonce_hash=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    }

    [Fact]
    public async Task A_nonce_hash_without_a_value_counts_as_none()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);

        // RFC 6749 §3.1, for every parameter here.
        var to = await HandoffCeremony.RedirectedAsync(await handoff.Browser.GetAsync($"{Contoso}/handoff?to=fabrikam&nonce_hash="));

        Assert.StartsWith(Fabrikam + "/handoff/start?from=contoso&return_to=", to, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "from=contoso")]
    [InlineData(1, "return_to=http%3A%2F%2Fapp.fabrikam.localhost%3A5173%2F")]
    [InlineData(1, "prompt=none&prompt=none")]
    [InlineData(2, "to=fabrikam")]
    [InlineData(2, "nonce_hash=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData(2, "To=fabrikam")]
    [InlineData(3, "token=x")]
    [InlineData(3, "error=login_required&error=login_required")]
    public async Task A_repeated_parameter_is_refused(int step, string again)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var two = await handoff.StartAsync();
        var three = await handoff.MintAsync(two);
        service.Keys.Reset();
        var url = step switch { 1 => handoff.StartUrl(), 2 => two, _ => three };

        using var refused = await handoff.Browser.GetAsync($"{url}&{again}");

        await HandoffCeremony.AssertErrorPageAsync(refused, 400, "invalid_request");
        Assert.Equal(0, service.Keys.Signatures);
        Assert.Single(handoff.HandoffCookies());
        await handoff.ArriveAsync(three);
    }

    [Theory]
    [InlineData("http://auth.evil.test:7071")]
    [InlineData("http://auth.contoso.localhost:7072")]
    [InlineData("http://auth.contoso.localhost.evil.test:7071")]
    [InlineData("http://app.contoso.localhost:7071")]
    [InlineData("http://auth.contoso.localhost.:7071")]
    [InlineData("http://127.0.0.1:7071")]
    public async Task An_unknown_host_answers_421_and_nothing_else(string host)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var two = await handoff.StartAsync();
        var three = await handoff.MintAsync(two);
        var cookies = string.Join("; ", handoff.Browser.Cookies.Select(c => $"{c.Key.Name}={c.Value.Value}").DistinctBy(c => c.Split('=')[0]));

        foreach (var url in new[] { handoff.StartUrl(), two, three })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, host + new Uri(url).PathAndQuery);
            request.Headers.Add("Cookie", cookies);
            using var response = await handoff.Browser.SendAsync(request);
            await response.RefusedAsync(421, "unknown_host");
            HandoffCeremony.AssertUnread(response);
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }

        await handoff.ArriveAsync(three);
    }

    [Fact]
    public async Task Two_cookies_of_one_name_are_refused()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var three = await handoff.MintAsync();
        var name = handoff.HandoffCookies().Single();
        using var request = new HttpRequestMessage(HttpMethod.Get, three);
        request.Headers.Add("Cookie", $"{name}={handoff.Browser.Cookie(Fabrikam, name)}; {name}=planted");

        using var response = await handoff.Browser.SendAsync(request);

        await response.RefusedAsync(400, "repeated_cookie");
        await handoff.ArriveAsync(three);
    }
}
