using System.Diagnostics;
using System.Security.Cryptography;
using AuthFunctions.Tests.Fixtures;
using Azure;
using Azure.Core;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;

namespace AuthFunctions.Tests.Vault;

/// <summary>Each fault of the vault, as a caller of the client sees it. The clients retry only where a test says so.</summary>
public sealed class FaultTests(FakeVault vault) : IClassFixture<FakeVault>, IAsyncLifetime
{
    private static readonly byte[] Digest = SHA256.HashData("header.payload"u8);

    public Task InitializeAsync() => vault.ResetAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(401, "Unauthorized")]
    [InlineData(403, "Forbidden")]
    [InlineData(404, "KeyNotFound")]
    [InlineData(429, "Throttled")]
    [InlineData(500, "InternalServerError")]
    public async Task A_refused_signature_surfaces_with_its_status_and_code(int status, string code)
    {
        var client = Signer();
        await client.SignAsync(SignatureAlgorithm.ES256, Digest);
        await vault.SwitchAsync(new VaultFault("sign") { Status = status });

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => client.SignAsync(SignatureAlgorithm.ES256, Digest));
        await vault.ResetAsync();
        await client.SignAsync(SignatureAlgorithm.ES256, Digest);

        Assert.Equal((status, code), (failure.Status, failure.ErrorCode));
    }

    [Theory]
    [InlineData("get")]
    [InlineData("list")]
    [InlineData("rotate")]
    [InlineData("update")]
    [InlineData("wrap")]
    [InlineData("unwrap")]
    public async Task A_fault_meets_its_own_operation_and_no_other(string operation)
    {
        var keys = vault.Keys();
        KeyVaultKey key = await keys.GetKeyAsync(FakeVault.WrappingKey);
        var wrapper = keys.GetCryptographyClient(FakeVault.WrappingKey, key.Properties.Version);
        var wrapped = await wrapper.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, Digest);
        await vault.SwitchAsync(new VaultFault("get") { Status = 403, Count = 1 });
        var remote = keys.GetCryptographyClient(FakeVault.WrappingKey, key.Properties.Version);
        await remote.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, Digest);
        var calls = new Dictionary<string, Func<Task>>
        {
            ["get"] = () => keys.GetKeyAsync(FakeVault.WrappingKey),
            ["list"] = () => keys.GetPropertiesOfKeyVersionsAsync(FakeVault.WrappingKey).GetAsyncEnumerator().MoveNextAsync().AsTask(),
            ["rotate"] = () => keys.RotateKeyAsync(FakeVault.SigningKey),
            ["update"] = () => keys.UpdateKeyPropertiesAsync(new KeyProperties(key.Id) { Enabled = true }),
            ["wrap"] = () => remote.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, Digest),
            ["unwrap"] = () => wrapper.UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.EncryptedKey),
        };
        await vault.SwitchAsync(new VaultFault(operation) { Status = 500 });

        foreach (var (name, call) in calls)
        {
            var failure = await Record.ExceptionAsync(call) as RequestFailedException;
            Assert.Equal(name == operation ? 500 : null, failure?.Status);
        }
    }

    [Fact]
    public async Task A_fault_for_any_operation_meets_as_many_requests_as_it_says()
    {
        var keys = vault.Keys();
        await vault.SwitchAsync(new VaultFault("any") { Status = 500, Count = 2 });

        Assert.Equal(500, (await Assert.ThrowsAsync<RequestFailedException>(() => keys.GetKeyAsync(FakeVault.SigningKey))).Status);
        Assert.Equal(500, (await Assert.ThrowsAsync<RequestFailedException>(() => keys.RotateKeyAsync(FakeVault.SigningKey))).Status);
        await keys.GetKeyAsync(FakeVault.SigningKey);
    }

    [Fact]
    public async Task Throttling_is_retried_no_sooner_than_Retry_After_says()
    {
        var keys = vault.Keys(options => Retry(options, 1));
        await keys.GetKeyAsync(FakeVault.SigningKey);
        await vault.ResetAsync();
        await vault.SwitchAsync(new VaultFault("get") { Status = 429, RetryAfter = 1, Count = 1 });

        var elapsed = Stopwatch.StartNew();
        await keys.GetKeyAsync(FakeVault.SigningKey);

        Assert.True(elapsed.Elapsed >= TimeSpan.FromSeconds(0.99), $"Retried after {elapsed.Elapsed}.");
        Assert.Equal(2, (await vault.CallsAsync())["get"]);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_passing_fault_is_retried_as_often_as_configured(int status)
    {
        var keys = vault.Keys(options => Retry(options, 2));
        await vault.SwitchAsync(new VaultFault("get") { Status = status, Count = 2 });

        await keys.GetKeyAsync(FakeVault.SigningKey);

        Assert.Equal(3, (await vault.CallsAsync())["get"]);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task A_refusal_that_would_not_pass_is_not_retried(int status)
    {
        var keys = vault.Keys(options => Retry(options, 2));
        await vault.SwitchAsync(new VaultFault("get") { Status = status });

        await Assert.ThrowsAsync<RequestFailedException>(() => keys.GetKeyAsync(FakeVault.SigningKey));

        Assert.Equal(1, (await vault.CallsAsync())["get"]);
    }

    [Fact]
    public async Task Without_retries_throttling_surfaces_at_once_and_shows_its_Retry_After()
    {
        var keys = vault.Keys();
        await vault.SwitchAsync(new VaultFault("get") { Status = 429, RetryAfter = 60 });

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => keys.GetKeyAsync(FakeVault.SigningKey));

        Assert.True(failure.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var value));
        Assert.Equal("60", value);
        Assert.Equal(1, (await vault.CallsAsync())["get"]);
    }

    [Fact]
    public async Task A_dropped_connection_surfaces_without_a_status_and_a_retry_gets_over_it()
    {
        await vault.SwitchAsync(new VaultFault("get") { Drop = true, Count = 1 });
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => vault.Keys().GetKeyAsync(FakeVault.SigningKey));
        Assert.Equal(0, failure.Status);

        await vault.SwitchAsync(new VaultFault("get") { Drop = true, Count = 1 });
        await vault.Keys(options => Retry(options, 1)).GetKeyAsync(FakeVault.SigningKey);

        Assert.Equal(3, (await vault.CallsAsync())["get"]);
    }

    [Fact]
    public async Task A_vault_that_does_not_answer_is_given_up_after_the_network_timeout()
    {
        var signer = Signer(options => options.Retry.NetworkTimeout = TimeSpan.FromSeconds(0.4));
        await signer.SignAsync(SignatureAlgorithm.ES256, Digest);
        await vault.SwitchAsync(new VaultFault("sign") { Delay = TimeSpan.FromMinutes(2) });

        var elapsed = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => signer.SignAsync(SignatureAlgorithm.ES256, Digest));

        Assert.InRange(elapsed.Elapsed, TimeSpan.FromSeconds(0.35), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_vault_that_is_slow_but_in_time_is_waited_for()
    {
        var signer = Signer(options => options.Retry.NetworkTimeout = TimeSpan.FromMinutes(1));
        await vault.SwitchAsync(new VaultFault("sign") { Delay = TimeSpan.FromSeconds(0.3), Count = 1 });

        var elapsed = Stopwatch.StartNew();
        var result = await signer.SignAsync(SignatureAlgorithm.ES256, Digest);

        Assert.Equal(64, result.Signature.Length);
        Assert.True(elapsed.Elapsed >= TimeSpan.FromSeconds(0.29));
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_not_made_to_wait()
    {
        var signer = Signer(options => Retry(options, 5));
        await signer.SignAsync(SignatureAlgorithm.ES256, Digest);
        await vault.SwitchAsync(new VaultFault("sign") { Status = 429, RetryAfter = 120 });
        using var caller = new CancellationTokenSource(TimeSpan.FromSeconds(0.3));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => signer.SignAsync(SignatureAlgorithm.ES256, Digest, caller.Token));
    }

    private static void Retry(ClientOptions options, int times)
    {
        options.Retry.MaxRetries = times;
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.Mode = RetryMode.Fixed;
    }

    private CryptographyClient Signer(Action<CryptographyClientOptions>? adjust = null) =>
        new(new Uri(vault.VaultUri, $"/keys/{FakeVault.SigningKey}"), vault.Credential, vault.CryptographyOptions(adjust));
}
