using AuthFunctions.SigningKeys;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SigningKeys;

/// <summary>Keys that never leave the vault: the fake one holds them in a process of its own.</summary>
[Collection(RunsAlone.Name)]
public class KeyVaultKeysTests
{
    [Fact]
    public async Task The_vault_s_only_key_signs_at_once_and_the_timer_makes_one_to_stand_by()
    {
        await using var deployment = await VaultService.StartAsync("KeyVault");
        using var person = await deployment.Service.SignedInAsync();
        Assert.Equal("Signing", await deployment.StatesAsync());

        await deployment.RunTimerAsync();

        Assert.Equal("Signing Announced", await deployment.StatesAsync());
        Assert.Equal(2, (await deployment.KeysAsync()).Published.Count);
        await deployment.RunTimerAsync();
        Assert.Equal("Signing Announced", await deployment.StatesAsync());
        Assert.Contains(deployment.Service.Log.Lines, l => l.Contains("Key rotation: made a key to stand by", StringComparison.Ordinal));
        Assert.Contains(deployment.Service.Log.Lines, l => l.Contains("Key rotation: nothing was due", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_version_that_the_vault_s_policy_makes_is_announced_before_it_signs_and_the_old_one_stays_until_its_tokens_are_dead()
    {
        await using var deployment = await VaultService.StartAsync("KeyVault");
        var (first, _) = await deployment.KeysAsync();

        // The vault calls the newest version current at once; here it is only announced.
        await deployment.Vault.Keys().RotateKeyAsync(FakeVault.SigningKey);
        await deployment.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(first, (await deployment.KeysAsync()).Signing);
        await deployment.AdvanceAsync(TimeSpan.FromHours(23));
        await deployment.Vault.Keys().RotateKeyAsync(FakeVault.SigningKey);
        await deployment.AdvanceAsync(TimeSpan.FromMinutes(58));
        Assert.Equal("Signing Announced Announced", await deployment.StatesAsync());

        await deployment.AdvanceAsync(TimeSpan.FromMinutes(2));
        var (second, published) = await deployment.KeysAsync();
        Assert.NotEqual(first, second);
        Assert.Equal(3, published.Count);
        Assert.Equal(first, published[0]);
        Assert.Equal("Retiring Signing Announced", await deployment.StatesAsync());

        await deployment.AdvanceAsync(TimeSpan.FromMinutes(65));
        Assert.Equal("Retired Signing Announced", await deployment.StatesAsync());
        Assert.DoesNotContain(first, (await deployment.KeysAsync()).Published);
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("expired")]
    public async Task A_version_that_is_disabled_or_expires_in_the_vault_leaves_at_once(string how)
    {
        await using var deployment = await VaultService.StartAsync("KeyVault");
        await deployment.RunTimerAsync();
        var (first, published) = await deployment.KeysAsync();
        await foreach (var version in deployment.Vault.Keys().GetPropertiesOfKeyVersionsAsync(FakeVault.SigningKey))
        {
            if ((await deployment.Vault.Keys().GetKeyAsync(FakeVault.SigningKey, version.Version)).Value.Key is { } key
                && Protocol.Jwk.Of(key.ToECDsa()).Kid == first)
            {
                (version.Enabled, version.ExpiresOn) = how == "disabled" ? (false, version.ExpiresOn) : (true, deployment.Service.Clock.GetUtcNow());
                await deployment.Vault.Keys().UpdateKeyPropertiesAsync(version);
            }
        }

        await deployment.AdvanceAsync(TimeSpan.FromSeconds(60));

        Assert.Equal((published[1], published[1]), ((await deployment.KeysAsync()).Signing, Assert.Single((await deployment.KeysAsync()).Published)));
        using var person = await deployment.Service.SignedInAsync();
    }

    [Fact]
    public async Task Versions_are_listed_once_and_each_is_fetched_once_and_then_a_token_costs_one_call()
    {
        await using var deployment = await VaultService.StartAsync("KeyVault");
        await deployment.RunTimerAsync();
        await deployment.Vault.ResetAsync();
        await using var fresh = await deployment.StartSecondAsync();
        using var browser = fresh.NewBrowser();
        var email = NewEmail();

        using var registered = await browser.PostAsync(Contoso + "/register", new { email, password = Password });
        Assert.Equal(201, (int)registered.StatusCode);
        var calls = await deployment.Vault.CallsAsync();
        Assert.Equal((1, 2, 1), (calls["list"], calls["sign"], calls["unwrap"]));

        // Two versions; besides, the library fetches each key itself before it first signs or unwraps with it, two signatures at once each.
        Assert.InRange(calls["get"], 4, 5);

        await deployment.Vault.ResetAsync();
        using var refreshed = await browser.PostAsync(Contoso + "/refresh");
        Assert.Equal(200, (int)refreshed.StatusCode);
        Assert.Equal(["sign 2"], await CallsAsync(deployment.Vault));

        await deployment.Vault.ResetAsync();
        using var session = await browser.GetAsync(Contoso + "/session?fresh=1");
        using var jwks = await browser.GetAsync(Contoso + "/.well-known/jwks.json");
        Assert.Equal((200, 200), ((int)session.StatusCode, (int)jwks.StatusCode));
        Assert.Empty(await CallsAsync(deployment.Vault));
    }

    [Fact]
    public async Task The_two_tokens_of_one_answer_are_signed_side_by_side()
    {
        await using var deployment = await VaultService.StartAsync("KeyVault");
        using var browser = await deployment.Service.SignedInAsync();
        var delay = TimeSpan.FromMilliseconds(700);
        await deployment.Vault.SwitchAsync(new VaultFault("sign") { Delay = delay });
        var began = System.Diagnostics.Stopwatch.GetTimestamp();

        using var refreshed = await browser.PostAsync(Contoso + "/refresh");

        Assert.Equal(200, (int)refreshed.StatusCode);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(began), delay, delay * 1.9);
    }

    [Fact]
    public async Task No_row_of_any_table_holds_a_key_of_the_vault()
    {
        await using var deployment = await VaultService.StartAsync("KeyVault");
        using var browser = await deployment.Service.SignedInAsync();
        await deployment.RunTimerAsync();

        Assert.Empty(await deployment.Service.Get<SigningKeyStore>().ListAsync("development", default));
        Assert.Empty(await deployment.Service.Get<SigningKeyStore>().ListAsync("wrapped", default));
    }

    private static async Task<IEnumerable<string>> CallsAsync(FakeVault vault) => (await vault.CallsAsync()).Select(c => $"{c.Key} {c.Value}");
}
