using AuthFunctions.Tests.Fixtures;
using Azure.Security.KeyVault.Keys.Cryptography;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SigningKeys;

/// <summary>A service with its keys in a fake vault of its own, both by one clock.</summary>
internal sealed class VaultService : IAsyncDisposable
{
    private readonly Dictionary<string, string?> settings;

    private VaultService(Dictionary<string, string?> settings, FakeVault vault, TestService service) =>
        (this.settings, Vault, Service) = (settings, vault, service);

    public FakeVault Vault { get; }

    public TestService Service { get; }

    public static async Task<VaultService> StartAsync(string source, Dictionary<string, string?>? settings = null)
    {
        var vault = await FakeVault.StartAsync();
        await WarmUpAsync(vault);
        var all = vault.Settings(source);
        foreach (var (name, value) in settings ?? [])
        {
            all[name] = value;
        }

        var started = new VaultService(all, vault, await TestService.StartAsync(all, vault.Connect));
        await vault.SetClockAsync(started.Service.Clock.GetUtcNow());
        return started;
    }

    /// <summary>Another instance of the deployment.</summary>
    public Task<TestService> StartSecondAsync() => Service.StartSecondAsync(settings, Vault.Connect);

    /// <summary>Moves both clocks.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        Service.Clock.Advance(by);
        await Vault.SetClockAsync(Service.Clock.GetUtcNow());
    }

    /// <summary>The timer's hourly run.</summary>
    public async Task RunTimerAsync()
    {
        using var browser = Service.NewBrowser();
        using var run = await browser.PostAsync(Contoso + "/admin/functions/KeyRotation", new { }, origin: null);
        Assert.Equal(202, (int)run.StatusCode);
    }

    /// <summary>The states that operators see, oldest key first.</summary>
    public async Task<string> StatesAsync()
    {
        var keys = await Service.Get<AuthFunctions.SigningKeys.IKeySource>().ListAsync(default);
        return string.Join(' ', keys.Select(k => k.State));
    }

    /// <summary>The identifiers in JWKS, and that of the key that signs.</summary>
    public async Task<(string Signing, List<string> Published)> KeysAsync(TestService? instance = null)
    {
        var keys = await (instance ?? Service).Get<AuthFunctions.SigningKeys.KeyRing>().KeysAsync(default);
        return (keys.Current.Kid, [.. keys.Published.Select(k => k.Kid)]);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Vault.DisposeAsync();
    }

    /// <summary>
    /// Has the vault do once all that the service asks of it, with none of the service's impatience: a process that has just started compiles
    /// whatever it is asked first, and on a busy machine that takes longer than a person may be kept waiting.
    /// </summary>
    private static async Task WarmUpAsync(FakeVault vault)
    {
        await foreach (var version in vault.Keys().GetPropertiesOfKeyVersionsAsync(FakeVault.SigningKey))
        {
            var signing = new CryptographyClient(version.Id, vault.Credential, vault.CryptographyOptions());
            await signing.SignAsync(SignatureAlgorithm.ES256, new byte[32]);
        }

        var wrapping = (await vault.Keys().GetKeyAsync(FakeVault.WrappingKey)).Value;
        var wrapper = new CryptographyClient(wrapping.Id, vault.Credential, vault.CryptographyOptions());
        var wrapped = await wrapper.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, new byte[32]);
        await wrapper.UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.EncryptedKey);
        await vault.ResetAsync();
    }
}
