using System.Security.Cryptography;
using AuthFunctions.SigningKeys;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SigningKeys;

/// <summary>Keys that the service makes and keeps sealed under the vault's wrapping key.</summary>
[Collection(RunsAlone.Name)]
public class KeyVaultWrappedKeysTests
{
    [Fact]
    public async Task At_steady_state_nothing_asks_the_vault()
    {
        await using var deployment = await VaultService.StartAsync("KeyVaultWrapped");
        using var browser = await deployment.Service.SignedInAsync();
        using var form = await browser.GetAsync(Contoso + "/signin");
        await deployment.Vault.ResetAsync();

        for (var i = 0; i < 5; i++)
        {
            await deployment.AdvanceAsync(TimeSpan.FromMinutes(1));
            using var refreshed = await browser.PostAsync(Contoso + "/refresh");
            Assert.Equal(200, (int)refreshed.StatusCode);
        }

        Assert.Empty(await deployment.Vault.CallsAsync());
    }

    [Fact]
    public async Task An_instance_unwraps_each_key_once()
    {
        await using var deployment = await VaultService.StartAsync("KeyVaultWrapped");
        var (signing, _) = await deployment.KeysAsync();
        await using var second = await deployment.StartSecondAsync();
        await deployment.Vault.ResetAsync();

        Assert.Equal(signing, (await deployment.KeysAsync(second)).Signing);
        Assert.Equal(2, (await deployment.Vault.CallsAsync())["unwrap"]);
        await deployment.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(signing, (await deployment.KeysAsync(second)).Signing);
        Assert.Equal(2, (await deployment.Vault.CallsAsync())["unwrap"]);
    }

    [Fact]
    public async Task It_signs_on_while_the_vault_is_out()
    {
        await using var deployment = await VaultService.StartAsync("KeyVaultWrapped");
        using var browser = await deployment.Service.SignedInAsync();
        await deployment.Vault.SwitchAsync(new VaultFault("any") { Status = 500 });
        await deployment.AdvanceAsync(TimeSpan.FromMinutes(4));

        using var refreshed = await browser.PostAsync(Contoso + "/refresh");

        Assert.Equal(200, (int)refreshed.StatusCode);
    }

    [Fact]
    public async Task The_rows_hold_no_key_that_opens_without_the_vault()
    {
        await using var deployment = await VaultService.StartAsync("KeyVaultWrapped");
        await deployment.KeysAsync();

        var rows = await deployment.Service.Get<SigningKeyStore>().ListAsync("wrapped", default);

        Assert.Equal(2, rows.Count);
        foreach (var row in rows)
        {
            using var ecdsa = ECDsa.Create();
            Assert.Throws<CryptographicException>(() => ecdsa.ImportPkcs8PrivateKey(row.Pkcs8, out int _));
            Assert.Equal(3072 / 8, row.WrappedDataKey!.Length);
            Assert.StartsWith($"{deployment.Vault.VaultUri.AbsoluteUri}keys/key-wrapping/", row.WrappedBy, StringComparison.Ordinal);
        }

        Assert.NotEqual(rows[0].WrappedDataKey, rows[1].WrappedDataKey);
    }

    [Fact]
    public async Task What_an_older_version_of_the_wrapping_key_sealed_is_opened_by_it()
    {
        await using var deployment = await VaultService.StartAsync("KeyVaultWrapped");
        var (signing, _) = await deployment.KeysAsync();
        await deployment.Vault.Keys().RotateKeyAsync(FakeVault.WrappingKey);
        await using var second = await deployment.StartSecondAsync();

        Assert.Equal(signing, (await deployment.KeysAsync(second)).Signing);
        await deployment.AdvanceAsync(TimeSpan.FromDays(90));
        await deployment.RunTimerAsync();
        var sealedBy = (await deployment.Service.Get<SigningKeyStore>().ListAsync("wrapped", default)).Select(r => r.WrappedBy).ToList();
        Assert.Equal((3, 2), (sealedBy.Count, sealedBy.Distinct().Count()));
        Assert.Equal(sealedBy[0], sealedBy[1]);
    }

    [Theory]
    [InlineData("ciphertext")]
    [InlineData("data key")]
    [InlineData("vault")]
    public async Task A_row_that_was_changed_is_not_opened(string what)
    {
        await using var deployment = await VaultService.StartAsync("KeyVaultWrapped");
        var (signing, _) = await deployment.KeysAsync();
        var store = deployment.Service.Get<SigningKeyStore>();
        var row = (await store.ListAsync("wrapped", default))[0];
        Assert.Equal(signing, row.Kid);
        var changed = what switch
        {
            "ciphertext" => row with { Pkcs8 = Flipped(row.Pkcs8) },
            "data key" => row with { WrappedDataKey = Flipped(row.WrappedDataKey!) },
            _ => row with { WrappedBy = row.WrappedBy!.Replace("127.0.0.1", "vault.attacker.test", StringComparison.Ordinal) },
        };
        Assert.IsType<Commit.Done>(await store.ReplaceAsync(changed, default));
        await using var second = await deployment.StartSecondAsync();
        using var browser = second.NewBrowser();

        using var jwks = await browser.GetAsync(Contoso + "/.well-known/jwks.json");

        Assert.InRange((int)jwks.StatusCode, 500, 503);
        Assert.DoesNotContain(second.Log.Lines, l => l.Contains("attacker.test", StringComparison.Ordinal) && l.Contains("Request", StringComparison.Ordinal));
    }

    [Fact]
    public async Task By_schedule_a_key_is_made_every_period_and_takes_over_when_the_next_one_is_there()
    {
        await using var deployment = await VaultService.StartAsync("KeyVaultWrapped");
        var (first, published) = await deployment.KeysAsync();
        Assert.Equal("Signing Announced", await deployment.StatesAsync());
        await deployment.AdvanceAsync(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        await deployment.RunTimerAsync();
        Assert.Equal("Signing Announced", await deployment.StatesAsync());

        await deployment.AdvanceAsync(TimeSpan.FromSeconds(1));
        await deployment.RunTimerAsync();

        Assert.Equal("Retiring Signing Announced", await deployment.StatesAsync());
        Assert.Equal(published[1], (await deployment.KeysAsync()).Signing);
        Assert.NotEqual(first, published[1]);
        Assert.Contains(deployment.Service.Log.Lines, l => l.Contains("Key rotation: made key 3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Instances_that_find_a_key_due_at_the_same_moment_make_one()
    {
        await using var deployment = await VaultService.StartAsync("KeyVaultWrapped");
        await deployment.KeysAsync();
        await using var second = await deployment.StartSecondAsync();
        for (var round = 1; round <= 5; round++)
        {
            await deployment.AdvanceAsync(TimeSpan.FromDays(90));

            var done = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
                (i % 2 == 0 ? deployment.Service : second).Get<IKeySource>().MaintainAsync(default))));

            Assert.Single(done, d => d.StartsWith("made key", StringComparison.Ordinal));
            Assert.Equal(2 + round, (await deployment.Service.Get<SigningKeyStore>().ListAsync("wrapped", default)).Count);
        }

        var (one, other) = (await deployment.KeysAsync(), await deployment.KeysAsync(second));
        Assert.Equal(one.Signing, other.Signing);
        Assert.Equal(one.Published, other.Published);
    }

    [Fact]
    public async Task Keys_that_leave_the_vault_and_come_back_find_a_ring_for_each_and_open_only_their_own()
    {
        await using var deployment = await VaultService.StartAsync("KeyVault");
        var email = NewEmail();
        using var registered = await deployment.Service.SignedInAsync(email: email);
        await using var local = await deployment.Service.StartSecondAsync(new() { ["Keys:Source"] = "Development" });
        using var before = local.NewBrowser();
        using var shown = await before.GetAsync(Contoso + "/signin");
        var sealedInTheClear = await shown.Content.ReadAsStringAsync();
        await using var back = await deployment.StartSecondAsync();
        using var after = before.Copy(back);

        using var refused = await after.SubmitAsync(Contoso + "/signin", sealedInTheClear, ("email", email), ("password", Password));
        using var form = await after.GetAsync(Contoso + "/signin");
        using var signedIn = await after.SubmitAsync(
            Contoso + "/signin", await form.Content.ReadAsStringAsync(), ("email", email), ("password", Password));

        Assert.Equal((200, 403, 200, 303), ((int)shown.StatusCode, (int)refused.StatusCode, (int)form.StatusCode, (int)signedIn.StatusCode));
    }

    private static byte[] Flipped(byte[] bytes)
    {
        var copy = bytes.ToArray();
        copy[^1] ^= 1;
        return copy;
    }
}
