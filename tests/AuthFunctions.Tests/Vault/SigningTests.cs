using System.Security.Cryptography;
using AuthFunctions.Tests.Fixtures;
using Azure;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;

namespace AuthFunctions.Tests.Vault;

/// <summary>Signatures made in the vault; each test makes a version of its own.</summary>
public sealed class SigningTests(FakeVault vault) : IClassFixture<FakeVault>, IAsyncLifetime
{
    private static readonly byte[] Digest = SHA256.HashData("header.payload"u8);

    private readonly KeyClient keys = vault.Keys();
    private KeyVaultKey key = null!;

    public async Task InitializeAsync()
    {
        key = await keys.RotateKeyAsync(FakeVault.SigningKey);
        await vault.ResetAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_signature_is_64_bytes_and_verifies_with_the_fetched_key()
    {
        var result = await Client().SignAsync(SignatureAlgorithm.ES256, Digest);

        KeyVaultKey fetched = await keys.GetKeyAsync(FakeVault.SigningKey, key.Properties.Version);
        using var ecdsa = fetched.Key.ToECDsa();
        Assert.Equal(64, result.Signature.Length);
        Assert.True(ecdsa.VerifyHash(Digest, result.Signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        Assert.False(ecdsa.VerifyHash(SHA256.HashData("another"u8), result.Signature));
        Assert.Equal((key.Id.AbsoluteUri, SignatureAlgorithm.ES256), (result.KeyId, result.Algorithm));
    }

    [Fact]
    public async Task A_fetched_key_has_its_kind_and_its_coordinates_and_no_private_part()
    {
        KeyVaultKey fetched = await keys.GetKeyAsync(FakeVault.SigningKey, key.Properties.Version);

        Assert.Equal(KeyType.Ec, fetched.KeyType);
        Assert.Equal(KeyCurveName.P256, fetched.Key.CurveName);
        Assert.Equal([KeyOperation.Sign, KeyOperation.Verify], fetched.KeyOperations);
        Assert.Equal((32, 32), (fetched.Key.X.Length, fetched.Key.Y.Length));
        using var ecdsa = fetched.Key.ToECDsa();
        Assert.ThrowsAny<CryptographicException>(() => ecdsa.SignHash(Digest));
        Assert.Throws<InvalidOperationException>(() => fetched.Key.ToRSA());
    }

    [Fact]
    public async Task The_key_is_fetched_once_and_every_signature_comes_from_the_vault()
    {
        var client = Client();

        await client.SignAsync(SignatureAlgorithm.ES256, Digest);
        await client.SignAsync(SignatureAlgorithm.ES256, Digest);
        await client.SignAsync(SignatureAlgorithm.ES256, Digest);

        Assert.Equal((1, 3), await GetsAndSigns());
    }

    [Fact]
    public async Task A_client_that_may_not_fetch_the_key_signs_all_the_same_and_does_not_ask_again()
    {
        await vault.SwitchAsync(new VaultFault("get") { Status = 403 });
        var client = Client();

        await client.SignAsync(SignatureAlgorithm.ES256, Digest);
        await client.SignAsync(SignatureAlgorithm.ES256, Digest);

        Assert.Equal((1, 2), await GetsAndSigns());
    }

    [Fact]
    public async Task A_fetch_that_fails_otherwise_fails_the_call_and_the_next_one_fetches_again()
    {
        await vault.SwitchAsync(new VaultFault("get") { Status = 429, Count = 1 });
        var client = Client();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => client.SignAsync(SignatureAlgorithm.ES256, Digest));
        await client.SignAsync(SignatureAlgorithm.ES256, Digest);

        Assert.Equal(429, failure.Status);
        Assert.Equal((2, 1), await GetsAndSigns());
    }

    [Fact]
    public async Task A_client_of_the_key_client_shares_its_token()
    {
        await keys.GetCryptographyClient(FakeVault.SigningKey, key.Properties.Version).SignAsync(SignatureAlgorithm.ES256, Digest);

        Assert.DoesNotContain("token", await vault.CallsAsync());
    }

    [Fact]
    public async Task A_pinned_version_keeps_signing_after_a_rotation_and_an_unpinned_client_signs_with_the_newest()
    {
        var pinned = Client();
        KeyVaultKey next = await keys.RotateKeyAsync(FakeVault.SigningKey);

        Assert.Equal(key.Id.AbsoluteUri, (await pinned.SignAsync(SignatureAlgorithm.ES256, Digest)).KeyId);
        var newest = await keys.GetCryptographyClient(FakeVault.SigningKey).SignAsync(SignatureAlgorithm.ES256, Digest);
        Assert.Equal(next.Id.AbsoluteUri, newest.KeyId);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(0)]
    public async Task What_is_no_SHA_256_digest_is_refused(int length)
    {
        var client = Client();
        await client.SignAsync(SignatureAlgorithm.ES256, Digest);

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => client.SignAsync(SignatureAlgorithm.ES256, new byte[length]));

        Assert.Equal((400, "BadParameter"), (refusal.Status, refusal.ErrorCode));
    }

    [Fact]
    public async Task Another_algorithm_than_the_keys_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => Client().SignAsync("RS256", Digest));

        Assert.Equal((400, "BadParameter"), (refusal.Status, refusal.ErrorCode));
    }

    [Fact]
    public async Task A_disabled_version_signs_nothing_until_it_is_enabled_again()
    {
        var client = Client();
        await client.SignAsync(SignatureAlgorithm.ES256, Digest);
        await SetAsync(properties => properties.Enabled = false);

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => client.SignAsync(SignatureAlgorithm.ES256, Digest));
        KeyVaultKey shown = await keys.GetKeyAsync(FakeVault.SigningKey, key.Properties.Version);
        await SetAsync(properties => properties.Enabled = true);
        await client.SignAsync(SignatureAlgorithm.ES256, Digest);

        Assert.Equal((403, "Forbidden"), (refusal.Status, refusal.ErrorCode));
        Assert.Contains("disabled key", refusal.Message, StringComparison.Ordinal);
        Assert.False(shown.Properties.Enabled);
    }

    [Fact]
    public async Task A_version_whose_time_has_not_come_is_refused_by_the_client_that_knows_and_by_the_vault()
    {
        await SetAsync(properties => properties.NotBefore = DateTimeOffset.UtcNow.AddHours(1));

        await Assert.ThrowsAsync<InvalidOperationException>(() => Client().SignAsync(SignatureAlgorithm.ES256, Digest));
        Assert.Equal((1, 0), await GetsAndSigns());

        await vault.SwitchAsync(new VaultFault("get") { Status = 403, Count = 1 });
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => Client().SignAsync(SignatureAlgorithm.ES256, Digest));
        Assert.Equal((403, "Forbidden"), (refusal.Status, refusal.ErrorCode));
        Assert.Contains("not yet valid", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_signs_until_it_expires_by_the_vaults_clock()
    {
        await SetAsync(properties => properties.ExpiresOn = DateTimeOffset.UtcNow.AddHours(1));
        var client = Client();
        await client.SignAsync(SignatureAlgorithm.ES256, Digest);

        await vault.AdvanceAsync(TimeSpan.FromHours(2));
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => client.SignAsync(SignatureAlgorithm.ES256, Digest));
        await vault.AdvanceAsync(TimeSpan.FromHours(-2));
        await client.SignAsync(SignatureAlgorithm.ES256, Digest);

        Assert.Equal((403, "Forbidden"), (refusal.Status, refusal.ErrorCode));
        Assert.Contains("expired key", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_may_not_sign_is_refused()
    {
        await keys.UpdateKeyPropertiesAsync(new KeyProperties(key.Id), [KeyOperation.Verify]);

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => Client().SignAsync(SignatureAlgorithm.ES256, Digest));
        await keys.UpdateKeyPropertiesAsync(new KeyProperties(key.Id), [KeyOperation.Sign, KeyOperation.Verify]);
        await Client().SignAsync(SignatureAlgorithm.ES256, Digest);

        Assert.Equal((403, "Forbidden"), (refusal.Status, refusal.ErrorCode));
    }

    private CryptographyClient Client() => new(key.Id, vault.Credential, vault.CryptographyOptions());

    private async Task SetAsync(Action<KeyProperties> change)
    {
        var properties = new KeyProperties(key.Id);
        change(properties);
        await keys.UpdateKeyPropertiesAsync(properties);
    }

    private async Task<(int Gets, int Signs)> GetsAndSigns()
    {
        var calls = await vault.CallsAsync();
        return (calls.GetValueOrDefault("get"), calls.GetValueOrDefault("sign"));
    }
}
