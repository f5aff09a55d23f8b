using System.Diagnostics;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Handoff;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Clients;

/// <summary>Other people's clients from npm walk the service (tests/clients). They check what they are answered far more closely than a test would write down.</summary>
public class ClientLibraryTests
{
    [Fact]
    public Task Openid_client_walks_from_discovery_to_sign_out() => WalkAsync(
        "openid-client.mjs",
        ["discovery", "par", "code", "access token", "userinfo", "refresh", "introspection", "revocation", "logout"]);

    [Fact]
    public Task Oauth4webapi_walks_the_code_flow_and_is_refused_where_it_must_be() => WalkAsync(
        "oauth4webapi.mjs",
        ["discovery", "par and code", "userinfo", "refresh", "revocation", "wrong verifier, reused code", "refusals"]);

    [Fact]
    public Task Openid_client_lets_a_device_in_exchanges_tokens_and_hands_a_session_over() => WalkAsync(
        "openid-client-grants.mjs",
        ["subject token", "device", "token exchange", "handoff", "refusals"],
        AssertionCeremony.Settings());

    [Fact]
    public Task Oauth4webapi_lets_a_device_in_and_is_refused_where_it_must_be() => WalkAsync(
        "oauth4webapi-grants.mjs",
        ["device", "reused device code", "token exchange refusals"],
        AssertionCeremony.Settings());

    private static async Task WalkAsync(string script, string[] steps, Dictionary<string, string?>? settings = null)
    {
        // The libraries look at the machine's clock, so the service does too; and a rotated token must be worth nothing at once.
        await using var service = await StartAsync(
            new(settings ?? []) { ["Sessions:RefreshLeeway"] = "0" }, services => services.Replace(ServiceDescriptor.Singleton(TimeProvider.System)));
        var start = new ProcessStartInfo("node")
        {
            ArgumentList = { Path.Combine(Azurite.RepositoryRoot, "tests", "clients", script), $"{service.Port}" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, $"{script} ended with {process.ExitCode}.\n{output}{await errors}\n{string.Join('\n', service.Log.Lines)}");
        Assert.Equal(steps, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l["step ".Length..].TrimEnd()));
    }
}
