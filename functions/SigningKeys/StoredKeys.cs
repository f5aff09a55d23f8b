using System.Collections.Concurrent;
using System.Security.Cryptography;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Microsoft.Extensions.Options;

namespace AuthFunctions.SigningKeys;

/// <summary>Keys that the service makes itself and keeps in table SigningKeys; how they are sealed there is the matter of each source.</summary>
public abstract class StoredKeys(string series, SigningKeyStore store, IOptions<KeysOptions> options, TimeProvider clock) : IKeySource
{
    private const int MaxTries = 5;

    /// <summary>Keys that were opened: a row's private key never changes, so it is unsealed once in the life of a process.</summary>
    private readonly ConcurrentDictionary<string, SigningKey> opened = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<KeySet> LoadAsync(CancellationToken ct)
    {
        var rows = await store.ListAsync(series, ct);
        if (!rows.Exists(IsUsable))
        {
            // The very first key, and the one that stands by for it.
            await AddAsync(rows.Count + 1, ct);
            await AddAsync(rows.Count + 2, ct);
            rows = await store.ListAsync(series, ct);
        }

        SigningKey? current = null;
        var published = new List<SigningKey>();
        foreach (var (row, state) in Schedule(rows))
        {
            if (state is not (KeyState.Retired or KeyState.Pulled))
            {
                var key = await OpenAsync(row, ct);
                published.Add(key);
                current = state == KeyState.Signing ? key : current;
            }
        }

        return new KeySet(current ?? throw new OutageException("signing keys"), published);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KeyInfo>> ListAsync(CancellationToken ct) =>
        [.. Schedule(await store.ListAsync(series, ct)).Select(s => new KeyInfo(s.Key.Kid, s.State, s.Key.CreatedAt))];

    /// <inheritdoc/>
    public async Task RotateAsync(CancellationToken ct) => await AddAsync((await store.ListAsync(series, ct)).Count + 1, ct);

    /// <inheritdoc/>
    public async Task<bool> PullAsync(string kid, CancellationToken ct)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var rows = await store.ListAsync(series, ct);
            if (rows.Find(r => r.Kid == kid) is not { } row || !rows.Exists(r => IsUsable(r) && r.Kid != kid))
            {
                return false;
            }

            if (row.PulledAt is not null || await store.ReplaceAsync(row with { PulledAt = clock.GetUtcNow() }, ct) is Commit.Done)
            {
                return true;
            }
        }

        throw new OutageException("table SigningKeys");
    }

    /// <inheritdoc/>
    public async Task<string> MaintainAsync(CancellationToken ct)
    {
        var rows = await store.ListAsync(series, ct);
        var newest = rows.FindLast(IsUsable);
        if (newest is null || clock.GetUtcNow() - newest.CreatedAt >= options.Value.RotationPeriod
            || !Schedule(rows).Any(s => s.State == KeyState.Announced))
        {
            // By number, so that instances which find the same thing due at the same moment make one key.
            return await AddAsync(rows.Count + 1, ct) ? $"made key {rows.Count + 1}" : "another instance made the key that was due";
        }

        return "nothing was due";
    }

    /// <summary>Seals a new private key.</summary>
    protected abstract Task<SigningKeyRow> SealAsync(SigningKeyRow plain, CancellationToken ct);

    /// <summary>The private key of a row.</summary>
    protected abstract Task<byte[]> UnsealAsync(SigningKeyRow row, CancellationToken ct);

    private IReadOnlyList<(SigningKeyRow Key, KeyState State)> Schedule(IEnumerable<SigningKeyRow> rows) =>
        KeySchedule.Decide(rows, r => r.CreatedAt, r => r.PulledAt, clock.GetUtcNow(), options.Value.AnnounceAhead);

    private static bool IsUsable(SigningKeyRow row) => row.PulledAt is null;

    private async Task<bool> AddAsync(int number, CancellationToken ct)
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var row = await SealAsync(new SigningKeyRow(series, number, Jwk.Of(made).Kid, clock.GetUtcNow(), made.ExportPkcs8PrivateKey()), ct);
        return await store.AddAsync(row, ct) is Commit.Done;
    }

    private async Task<SigningKey> OpenAsync(SigningKeyRow row, CancellationToken ct)
    {
        if (opened.TryGetValue(row.Kid, out var known))
        {
            return known;
        }

        var pkcs8 = await UnsealAsync(row, ct);
        var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(pkcs8, out _);
        CryptographicOperations.ZeroMemory(pkcs8);
        return opened.GetOrAdd(row.Kid, new LocalSigningKey(ecdsa));
    }
}
