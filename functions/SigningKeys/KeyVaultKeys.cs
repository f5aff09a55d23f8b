using System.Collections.Concurrent;
using System.Security.Cryptography;
using AuthFunctions.Protocol;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using Microsoft.Extensions.Options;

namespace AuthFunctions.SigningKeys;

/// <summary>
/// Versions of one P-256 key in Key Vault, which signs each token. Versions are pinned: the vault calls a new one current at once, but
/// <see cref="KeySchedule"/> lets it sign only after it was announced.
/// </summary>
public sealed class KeyVaultKeys(KeyVaultClients vault, IOptions<KeysOptions> options, TimeProvider clock) : IKeySource
{
    /// <summary>Key material by version: it never changes, so each version is fetched once in the life of a process.</summary>
    private readonly ConcurrentDictionary<string, SigningKey> fetched = new(StringComparer.Ordinal);

    private string Name => options.Value.SigningKeyName;

    /// <inheritdoc/>
    public async Task<KeySet> LoadAsync(CancellationToken ct)
    {
        SigningKey? current = null;
        var published = new List<SigningKey>();
        foreach (var (version, state) in Schedule(await VersionsAsync(ct)))
        {
            if (state is not (KeyState.Retired or KeyState.Pulled))
            {
                var key = await FetchAsync(version, ct);
                published.Add(key);
                current = state == KeyState.Signing ? key : current;
            }
        }

        return new KeySet(current ?? throw new OutageException($"Key Vault: key {Name} has no enabled version"), published);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KeyInfo>> ListAsync(CancellationToken ct)
    {
        var list = new List<KeyInfo>();
        foreach (var (version, state) in Schedule(await VersionsAsync(ct)))
        {
            list.Add(new KeyInfo((await FetchAsync(version, ct)).Kid, state, version.CreatedOn!.Value));
        }

        return list;
    }

    /// <inheritdoc/>
    public async Task RotateAsync(CancellationToken ct) =>
        await KeyVaultClients.AskAsync("rotate", within => vault.Keys.RotateKeyAsync(Name, within), ct);

    /// <inheritdoc/>
    public async Task<bool> PullAsync(string kid, CancellationToken ct)
    {
        var versions = await VersionsAsync(ct);
        foreach (var version in versions)
        {
            if ((await FetchAsync(version, ct)).Kid == kid)
            {
                if (!versions.Exists(v => PulledAt(v) is null && v.Version != version.Version))
                {
                    return false;
                }

                version.Enabled = false;
                await KeyVaultClients.AskAsync("update", within => vault.Keys.UpdateKeyPropertiesAsync(version, cancellationToken: within), ct);
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    /// <remarks>The vault's rotation policy makes the keys that are due by age; here only the missing standby is made.</remarks>
    public async Task<string> MaintainAsync(CancellationToken ct)
    {
        if (Schedule(await VersionsAsync(ct)).Any(s => s.State == KeyState.Announced))
        {
            return "nothing was due";
        }

        await RotateAsync(ct);
        return "made a key to stand by";
    }

    private async Task<List<KeyProperties>> VersionsAsync(CancellationToken ct) => await KeyVaultClients.AskAsync(
        "list",
        async within =>
        {
            var versions = new List<KeyProperties>();
            await foreach (var version in vault.Keys.GetPropertiesOfKeyVersionsAsync(Name, within))
            {
                versions.Add(version);
            }

            // Times have whole seconds; of two versions of one second, every instance must take the same for the older.
            return versions.OrderBy(v => v.Version, StringComparer.Ordinal).ToList();
        },
        ct);

    private IReadOnlyList<(KeyProperties Key, KeyState State)> Schedule(IEnumerable<KeyProperties> versions) =>
        KeySchedule.Decide(versions, v => v.CreatedOn!.Value, PulledAt, clock.GetUtcNow(), options.Value.AnnounceAhead);

    /// <summary>What is disabled, not valid yet or past its expiry in the vault may not be used, whoever set that.</summary>
    private DateTimeOffset? PulledAt(KeyProperties version)
    {
        var now = clock.GetUtcNow();
        return version.Enabled == false ? version.UpdatedOn ?? version.CreatedOn
            : version.NotBefore > now ? version.CreatedOn
            : version.ExpiresOn <= now ? version.ExpiresOn
            : null;
    }

    private async Task<SigningKey> FetchAsync(KeyProperties version, CancellationToken ct)
    {
        if (fetched.TryGetValue(version.Version, out var known))
        {
            return known;
        }

        var key = await KeyVaultClients.AskAsync("get", within => vault.Keys.GetKeyAsync(Name, version.Version, within), ct);
        using var publicKey = key.Value.Key.ToECDsa();
        return fetched.GetOrAdd(version.Version, new VaultSigningKey(publicKey, vault.For(version.Id)));
    }

    /// <summary>A key whose private half stays in the vault.</summary>
    private sealed class VaultSigningKey(ECDsa publicKey, CryptographyClient client) : SigningKey(publicKey)
    {
        public override async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken ct) =>
            (await KeyVaultClients.AskAsync("sign", within => client.SignAsync(SignatureAlgorithm.ES256, digest.ToArray(), within), ct)).Signature;
    }
}
