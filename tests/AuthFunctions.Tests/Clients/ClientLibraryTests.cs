using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Handoff;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Clients;

/// <summary>Other people's clients from npm walk the service (tests/clients). They check what they are answered far more closely than a test would write down.</summary>
[Collection(RunsAlone.Name)]
public class ClientLibraryTests
{
    [Fact]
    public Task Openid_client_walks_from_discovery_to_sign_out() => WalkAsync(
        "openid-client.mjs",
        ["discovery", "par", "code", "access token", "userinfo", "refresh", "introspection", "revocation", "logout"]);

    [Fact]
    public Task Oauth4webapi_walks_the_code_flow_and_is_refused_where_it_must_be() => WalkAsync(
        "oauth4webapi.mjs",
        ["discovery", "par and code", "userinfo", "refresh", "revocation", "wrong verifier, reused code", "refusals", "spoilt answers", "logout"]);

    [Fact]
    public Task Openid_client_lets_a_device_in_exchanges_tokens_and_hands_a_session_over() => WalkAsync(
        "openid-client-grants.mjs",
        ["subject token", "device", "token exchange", "handoff", "refusals"],
        AssertionCeremony.Settings());

    [Fact]
    public Task Oauth4webapi_lets_a_device_in_and_is_refused_where_it_must_be() => WalkAsync(
        "oauth4webapi-grants.mjs",
        ["device", "reused device code", "denied device", "token exchange", "introspection", "token exchange refusals"],
        AssertionCeremony.Settings());

    [Fact]
    public Task Openid_client_proves_its_key_from_the_pushed_request_on() => WalkAsync(
        "openid-client-dpop.mjs", ["par", "code", "userinfo", "refresh", "introspection", "client credentials"]);

    [Fact]
    public Task Oauth4webapi_is_told_nonces_and_refused_without_its_key() => WalkAsync(
        "oauth4webapi-dpop.mjs", ["par", "code", "userinfo", "refresh", "another key", "no key"]);

    [Fact]
    public Task Oidc_client_ts_signs_in_renews_and_signs_out_as_an_app_in_a_browser() => WalkAsync(
        "oidc-client-ts.mjs",
        [
            "request", "callback and userinfo", "silent renew", "single sign-on", "wrong state", "wrong issuer", "wrong nonce", "wrong verifier", "refusal",
            "sign-out",
        ]);

    [Fact]
    public Task A_second_provider_answers_hostile_requests_alike_or_the_reason_is_written_down() => WalkAsync(
        "second-opinion.mjs", ["the same requests", "each difference has its reason"]);

    [Fact]
    public async Task Openid_client_signs_its_requests()
    {
        using var key = new ClientKeyPair();
        var (point, secret) = (key.Private.ExportParameters(true).Q, key.Private.ExportParameters(true).D);
        var jwk = new { kty = "EC", crv = "P-256", x = Encode(point.X!), y = Encode(point.Y!), d = Encode(secret!) };
        await WalkAsync(
            "openid-client-jar.mjs",
            ["request object", "pushed"],
            new() { ["Clients:1:Jwks"] = key.Jwks, ["Clients:1:RequireSignedRequestObject"] = "true" },
            JsonSerializer.Serialize(jwk));

        static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
    }

    [Fact]
    public Task Openid_client_is_told_by_a_token_that_jose_verifies_that_the_person_left()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var own = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        return WalkAsync(
            "backchannel-logout.mjs",
            ["discovery", "code", "logout", "logout token"],
            new() { ["Clients:1:BackchannelLogoutUri"] = $"http://127.0.0.1:{own}/backchannel_logout" },
            $"{own}");
    }

    [Theory]
    [InlineData("KeyVault")]
    [InlineData("KeyVaultWrapped")]
    public async Task With_keys_of_a_vault_they_verify_what_was_signed_there(string source)
    {
        await using var vault = await FakeVault.StartAsync();

        await WalkAsync(
            "openid-client.mjs",
            ["discovery", "par", "code", "access token", "userinfo", "refresh", "introspection", "revocation", "logout"],
            vault.Settings(source),
            vault.Connect);

        var signed = (await vault.CallsAsync()).GetValueOrDefault("sign");
        Assert.Equal(source == "KeyVault", signed > 0);
    }

    private static Task WalkAsync(string script, string[] steps, Dictionary<string, string?>? settings = null, params string[] arguments) =>
        WalkAsync(script, steps, settings, _ => { }, arguments);

    private static async Task WalkAsync(
        string script, string[] steps, Dictionary<string, string?>? settings, Action<IServiceCollection> adjust, params string[] arguments)
    {
        // The libraries look at the machine's clock, so the service does too; and a rotated token must be worth nothing at once.
        await using var service = await StartAsync(new(settings ?? []) { ["Sessions:RefreshLeeway"] = "0" }, services =>
        {
            services.Replace(ServiceDescriptor.Singleton(TimeProvider.System));
            adjust(services);
        });
        var start = new ProcessStartInfo("node")
        {
            ArgumentList = { Path.Combine(Azurite.RepositoryRoot, "tests", "clients", script), $"{service.Port}" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        arguments.ToList().ForEach(start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        var walking = process.WaitForExitAsync();
        while (!walking.IsCompleted)
        {
            // What the queue holds is delivered, as the Functions host would.
            await service.DeliverAsync();
            await Task.WhenAny(walking, Task.Delay(50));
        }

        Assert.True(process.ExitCode == 0, $"{script} ended with {process.ExitCode}.\n{await output}{await errors}\n{string.Join('\n', service.Log.Lines)}");
        Assert.Equal(steps, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l["step ".Length..].TrimEnd()));
    }
}
