using System.Security.Cryptography;
using AuthFunctions.Tests.Fixtures;
using Azure;
using Azure.Core.Cryptography;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;

namespace AuthFunctions.Tests.Vault;

/// <summary>A data key wrapped by the vault's RSA key; each test makes a version of its own.</summary>
public sealed class WrappingTests(FakeVault vault) : IClassFixture<FakeVault>, IAsyncLifetime
{
    private readonly byte[] dataKey = RandomNumberGenerator.GetBytes(32);
    private readonly KeyClient keys = vault.Keys();
    private KeyVaultKey key = null!;

    public async Task InitializeAsync()
    {
        key = await keys.RotateKeyAsync(FakeVault.WrappingKey);
        await vault.ResetAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_wrapped_key_is_unwrapped_by_the_vault_again()
    {
        var client = Client();

        var wrapped = await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, dataKey);
        var unwrapped = await client.UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.EncryptedKey);

        Assert.Equal(384, wrapped.EncryptedKey.Length);
        Assert.Equal(dataKey, unwrapped.Key);
        Assert.Equal((key.Id.AbsoluteUri, key.Id.AbsoluteUri), (wrapped.KeyId, unwrapped.KeyId));
    }

    [Fact]
    public async Task Wrapping_needs_only_the_public_part_and_unwrapping_the_vault()
    {
        var client = Client();

        var wrapped = await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, dataKey);
        await client.UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.EncryptedKey);

        Assert.Equal((1, 0, 1), await GetsWrapsAndUnwraps());
    }

    [Fact]
    public async Task A_client_that_may_not_fetch_the_key_wraps_in_the_vault()
    {
        await vault.SwitchAsync(new VaultFault("get") { Status = 403 });
        var client = Client();

        var wrapped = await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, dataKey);
        var unwrapped = await client.UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.EncryptedKey);

        Assert.Equal(dataKey, unwrapped.Key);
        Assert.Equal(key.Id.AbsoluteUri, wrapped.KeyId);
        Assert.Equal((1, 1, 1), await GetsWrapsAndUnwraps());
    }

    [Fact]
    public async Task What_one_version_wrapped_is_unwrapped_by_it_after_a_rotation_and_by_no_other()
    {
        var wrapped = await Client().WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, dataKey);
        KeyVaultKey next = await keys.RotateKeyAsync(FakeVault.WrappingKey);

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => Client(next).UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.EncryptedKey));

        Assert.Equal((400, "BadParameter"), (refusal.Status, refusal.ErrorCode));
        Assert.Equal(dataKey, (await Client().UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.EncryptedKey)).Key);
    }

    [Fact]
    public async Task A_disabled_version_does_not_unwrap()
    {
        var client = Client();
        var wrapped = await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, dataKey);
        await keys.UpdateKeyPropertiesAsync(new KeyProperties(key.Id) { Enabled = false });

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => client.UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.EncryptedKey));

        Assert.Equal((403, "Forbidden"), (refusal.Status, refusal.ErrorCode));
    }

    [Fact]
    public async Task An_expired_version_unwraps_what_it_wrapped_and_wraps_no_more()
    {
        var wrapped = await Client().WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, dataKey);
        await keys.UpdateKeyPropertiesAsync(new KeyProperties(key.Id) { ExpiresOn = DateTimeOffset.UtcNow.AddHours(-1) });
        var client = Client();

        Assert.Equal(dataKey, (await client.UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.EncryptedKey)).Key);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, dataKey));

        await vault.SwitchAsync(new VaultFault("get") { Status = 403, Count = 1 });
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => Client().WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, dataKey));
        Assert.Equal((403, "Forbidden"), (refusal.Status, refusal.ErrorCode));
    }

    [Fact]
    public async Task A_client_serves_as_the_key_encryption_key_of_other_libraries()
    {
        IKeyEncryptionKey encryption = Client();

        var wrapped = await encryption.WrapKeyAsync("RSA-OAEP-256", dataKey);

        Assert.Equal(dataKey, await encryption.UnwrapKeyAsync("RSA-OAEP-256", wrapped));
    }

    [Fact]
    public async Task A_wrapping_key_does_not_sign()
    {
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => Client().SignAsync(SignatureAlgorithm.ES256, SHA256.HashData(dataKey)));

        Assert.Equal((403, "Forbidden"), (refusal.Status, refusal.ErrorCode));
    }

    private CryptographyClient Client(KeyVaultKey? version = null) =>
        new((version ?? key).Id, vault.Credential, vault.CryptographyOptions());

    private async Task<(int Gets, int Wraps, int Unwraps)> GetsWrapsAndUnwraps()
    {
        var calls = await vault.CallsAsync();
        return (calls.GetValueOrDefault("get"), calls.GetValueOrDefault("wrap"), calls.GetValueOrDefault("unwrap"));
    }
}
