using System.Net;
using System.Net.Sockets;
using AuthFunctions.Tests.Fixtures;
using Azure;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;

namespace AuthFunctions.Tests.Vault;

/// <summary>How a client learns for what a token is to be asked. Challenges are kept per process and port, so each test has its vault.</summary>
public sealed class ChallengeTests
{
    [Fact]
    public async Task The_challenge_is_asked_for_once_and_then_kept_for_every_client()
    {
        await using var vault = await FakeVault.StartAsync("--key", "token-signing:EC");
        var first = vault.Keys();

        await first.GetKeyAsync(FakeVault.SigningKey);
        await first.GetKeyAsync(FakeVault.SigningKey);
        await vault.Keys().GetKeyAsync(FakeVault.SigningKey);

        // A token for each of the two clients.
        Assert.Equal(
            new Dictionary<string, int> { ["challenge"] = 1, ["get"] = 3, ["token"] = 2 }, await vault.CallsAsync());
    }

    [Fact]
    public async Task The_first_request_bears_neither_token_nor_body_and_the_second_both()
    {
        await using var vault = await FakeVault.StartAsync("--key", "token-signing:EC");
        using var recorder = new Recorder(vault.Handler());
        using var http = new HttpClient(recorder);
        var keys = vault.Keys(options => options.Transport = new HttpClientTransport(http));
        var properties = new KeyProperties(new Uri(vault.VaultUri, $"/keys/{FakeVault.SigningKey}/{new string('0', 32)}")) { Enabled = true };

        // The vault has no such version; what counts is what was sent to it.
        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => keys.UpdateKeyPropertiesAsync(properties));

        Assert.Equal((404, "KeyNotFound"), (refused.Status, refused.ErrorCode));
        Assert.Equal(
            ["PATCH token: False, body: ", """PATCH token: True, body: {"attributes":{"enabled":true}}"""], recorder.Requests);
    }

    [Fact]
    public async Task A_vault_over_http_is_refused_before_anything_is_sent()
    {
        await using var vault = await FakeVault.StartAsync("--key", "token-signing:EC");
        await vault.Keys().GetKeyAsync(FakeVault.SigningKey);
        using var recorder = new Recorder(vault.Handler());
        using var http = new HttpClient(recorder);
        var insecure = new KeyClient(
            new Uri($"http://127.0.0.1:{vault.VaultUri.Port}"),
            vault.Credential,
            vault.KeyOptions(options => options.Transport = new HttpClientTransport(http)));

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => insecure.GetKeyAsync(FakeVault.SigningKey));

        Assert.Contains("https", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(recorder.Requests);
    }

    [Fact]
    public async Task A_challenge_for_a_foreign_domain_is_refused_before_a_token_is_asked_for()
    {
        await using var vault = await FakeVault.StartAsync("--key", "token-signing:EC");
        var keys = vault.Keys(options => options.DisableChallengeResourceVerification = false);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => keys.GetKeyAsync(FakeVault.SigningKey));

        Assert.Contains("'vault.azure.net' does not match", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(new Dictionary<string, int> { ["challenge"] = 1 }, await vault.CallsAsync());
        Assert.Equal(FakeVault.SigningKey, (await vault.Keys().GetKeyAsync(FakeVault.SigningKey)).Value.Name);
    }

    [Fact]
    public async Task A_challenge_for_a_foreign_domain_is_refused_to_a_cryptography_client_too()
    {
        await using var vault = await FakeVault.StartAsync("--key", "token-signing:EC");
        var keyId = new Uri(vault.VaultUri, $"/keys/{FakeVault.SigningKey}");
        var client = new CryptographyClient(
            keyId, vault.Credential, vault.CryptographyOptions(options => options.DisableChallengeResourceVerification = false));

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.SignAsync("ES256", new byte[32]));

        Assert.Equal(new Dictionary<string, int> { ["challenge"] = 1 }, await vault.CallsAsync());
    }

    [Fact]
    public async Task A_challenge_for_the_domain_that_the_vault_lies_under_is_taken()
    {
        await using var vault = await FakeVault.StartAsync("--key", "token-signing:EC", "--resource", "https://vault.localhost");
        using var handler = vault.Handler();
        handler.ConnectCallback = async (_, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, vault.VaultUri.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        };
        using var http = new HttpClient(handler);
        var keys = new KeyClient(
            new Uri($"https://team.vault.localhost:{vault.VaultUri.Port}"),
            vault.Credential,
            vault.KeyOptions(options =>
            {
                options.Transport = new HttpClientTransport(http);
                options.DisableChallengeResourceVerification = false;
            }));

        var key = await keys.GetKeyAsync(FakeVault.SigningKey);

        Assert.Equal("team.vault.localhost", key.Value.Id.Host);
    }

    [Fact]
    public async Task A_token_for_another_resource_is_refused()
    {
        await using var vault = await FakeVault.StartAsync("--key", "token-signing:EC");
        await vault.Keys().GetKeyAsync(FakeVault.SigningKey);
        var credential = new FakeVaultCredential(vault.Admin, vault.IdentityEndpoint, vault.IdentityHeader) { Resource = "https://storage.azure.com" };
        var keys = new KeyClient(vault.VaultUri, credential, vault.KeyOptions());

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => keys.GetKeyAsync(FakeVault.SigningKey));

        Assert.Equal((401, "Unauthorized"), (refusal.Status, refusal.ErrorCode));
    }

    [Fact]
    public async Task A_challenge_in_answer_to_a_good_token_is_met_once_more()
    {
        await using var vault = await FakeVault.StartAsync("--key", "token-signing:EC");
        var keys = vault.Keys();
        await keys.GetKeyAsync(FakeVault.SigningKey);
        await vault.SwitchAsync(new VaultFault("get") { Status = 401, Count = 1 });

        await keys.GetKeyAsync(FakeVault.SigningKey);

        Assert.Equal(3, (await vault.CallsAsync())["get"]);
    }

    private sealed class Recorder(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public List<string> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            Requests.Add($"{request.Method} token: {request.Headers.Authorization is not null}, body: {body}");
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
