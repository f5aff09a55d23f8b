using System.Net;
using System.Text.Json.Nodes;
using AuthFunctions.Clients;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Clients;

/// <summary>Client keys by <c>jwks_uri</c> (OpenID Connect Registration §2), fetched within limits.</summary>
public sealed class JwksUriTests : IDisposable
{
    private readonly ClientKeyPair key = new();

    [Fact]
    public async Task Keys_are_fetched_once_and_kept_ten_minutes()
    {
        await using var server = await JwksServer.StartAsync(key.Jwks);
        await using var service = await StartAsync(server);

        await AcceptedAsync(service, key);
        await AcceptedAsync(service, key);
        service.Clock.Advance(TimeSpan.FromMinutes(10));
        await AcceptedAsync(service, key);

        Assert.Equal(2, server.Asked);
    }

    [Fact]
    public async Task An_unknown_kid_is_looked_for_at_most_once_a_minute()
    {
        await using var server = await JwksServer.StartAsync(key.Jwks);
        await using var service = await StartAsync(server);
        using var next = new ClientKeyPair();
        await AcceptedAsync(service, key);

        // Rotated at once: the new key is met before a minute has passed, and then after it.
        server.Serve(next.Jwks);
        await RefusedAsync(service, next);
        service.Clock.Advance(TimeSpan.FromSeconds(60));
        await AcceptedAsync(service, next);
        await RefusedAsync(service, key);
        await RefusedAsync(service, key);

        Assert.Equal(2, server.Asked);
    }

    [Fact]
    public async Task While_the_server_is_out_known_keys_count_for_an_hour()
    {
        await using var server = await JwksServer.StartAsync(key.Jwks);
        await using var service = await StartAsync(server);
        await AcceptedAsync(service, key);
        server.Answer = http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };

        service.Clock.Advance(TimeSpan.FromMinutes(59));
        await AcceptedAsync(service, key);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        await RefusedAsync(service, key);

        Assert.Contains(service.Log.Lines, l => l.Contains("The key set of client uri-client cannot be fetched: status 500", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("redirect")]
    [InlineData("too large")]
    [InlineData("too slow")]
    [InlineData("no key set")]
    [InlineData("symmetric")]
    [InlineData("not found")]
    public async Task What_is_outside_the_limits_is_no_key_set(string fault)
    {
        await using var server = await JwksServer.StartAsync(key.Jwks);
        await using var service = await StartAsync(server);
        server.Answer = fault switch
        {
            "redirect" => http =>
            {
                http.Response.Redirect(server.Url + "2");
                return Task.CompletedTask;
            },
            "too large" => http => http.Response.WriteAsync(key.Jwks + new string(' ', 64 * 1024)),
            "too slow" => async http =>
            {
                await http.Response.WriteAsync(key.Jwks[..10]);
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            },
            "no key set" => http => http.Response.WriteAsync("<html>"),
            "symmetric" => http => http.Response.WriteAsync("""{"keys":[{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}"""),
            _ => http =>
            {
                http.Response.StatusCode = 404;
                return http.Response.WriteAsync(key.Jwks);
            },
        };

        await RefusedAsync(service, key);
        Assert.Equal(1, server.Asked);

        server.Serve(key.Jwks);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        await AcceptedAsync(service, key);
    }

    [Fact]
    public async Task As_deployed_a_server_on_loopback_is_not_even_connected_to()
    {
        await using var server = await JwksServer.StartAsync(key.Jwks);
        await using var service = await TestService.StartAsync(Settings(server));

        await RefusedAsync(service, key);

        Assert.Equal(0, server.Asked);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        await using var server = await JwksServer.StartAsync(key.Jwks);
        await using var service = await TestService.StartAsync(
            Settings(server), services => services.Replace(ServiceDescriptor.Singleton(new ClientPeers(_ => true))));

        await RefusedAsync(service, key);

        Assert.Equal(0, server.Asked);
    }

    [Theory]
    [InlineData("93.184.215.14", true)]
    [InlineData("2606:2800:21f:cb07:6820:80da:af6b:8b2c", true)]
    [InlineData("::ffff:93.184.215.14", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    public void Only_addresses_on_the_public_Internet_are_allowed(string address, bool allowed) =>
        Assert.Equal(allowed, ClientPeers.IsPublic(IPAddress.Parse(address)));

    public void Dispose() => key.Dispose();

    private static Dictionary<string, string?> Settings(JwksServer server) => OAuthCalls.Client(
        "uri-client", null, ("GrantTypes:0", "client_credentials"), ("Scopes:0", "orders.read"), ("JwksUri", server.Url.ToString()));

    private static Task<TestService> StartAsync(JwksServer server) =>
        TestService.StartAsync(Settings(server), services => services.Replace(ServiceDescriptor.Singleton(server.Peers)));

    private static async Task AcceptedAsync(TestService service, ClientKeyPair signer)
    {
        using var response = await SendAsync(service, signer);
        Assert.Equal(200, (int)response.StatusCode);
    }

    private static async Task RefusedAsync(TestService service, ClientKeyPair signer)
    {
        using var response = await SendAsync(service, signer);
        await response.RefusedAsync(401, "invalid_client");
    }

    private static async Task<HttpResponseMessage> SendAsync(TestService service, ClientKeyPair signer)
    {
        using var browser = service.NewBrowser();
        var assertion = signer.Sign(new JsonObject { ["alg"] = "ES256", ["kid"] = signer.Kid }, new JsonObject
        {
            ["iss"] = "uri-client",
            ["sub"] = "uri-client",
            ["aud"] = Contoso,
            ["jti"] = Guid.NewGuid().ToString(),
            ["exp"] = service.Clock.GetUtcNow().ToUnixTimeSeconds() + 60,
        });
        return await browser.FormAsync(
            Contoso + "/token", null, ("grant_type", "client_credentials"), ("client_assertion", assertion),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    }
}
