using System.Security.Cryptography;
using AuthFunctions.Protocol;
using AuthFunctions.SigningKeys;

namespace AuthFunctions.Tests.Fixtures;

/// <summary>A key in memory that counts its signatures, as a vault would bill them, and can be made unreachable.</summary>
internal sealed class FaultingKeySource : IKeySource
{
    private readonly Key key;
    private int signatures;

    public FaultingKeySource() => key = new Key(this, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Whether signing fails, until set back.</summary>
    public bool Unreachable { get; set; }

    /// <summary>What looking the keys up fails with, until set back.</summary>
    public Exception? LoadFails { get; set; }

    /// <summary>Runs once, before the next signature: what others do between a request's reads and its write.</summary>
    public Func<Task>? Meanwhile { get; set; }

    /// <summary>How many signatures were made.</summary>
    public int Signatures => signatures;

    /// <summary>The whole key, for tests that forge tokens.</summary>
    public ECDsa Private => key.Private;

    /// <summary>Its thumbprint.</summary>
    public string Kid => key.Kid;

    public void Reset() => signatures = 0;

    public Task<KeySet> LoadAsync(CancellationToken ct) =>
        LoadFails is { } failure ? Task.FromException<KeySet>(failure) : Task.FromResult(new KeySet(key, [key]));

    public Task<IReadOnlyList<KeyInfo>> ListAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<KeyInfo>>([new KeyInfo(key.Kid, KeyState.Signing, DateTimeOffset.UnixEpoch)]);

    public Task RotateAsync(CancellationToken ct) => throw OneForGood();

    public Task<bool> PullAsync(string kid, CancellationToken ct) => throw OneForGood();

    public Task<string> MaintainAsync(CancellationToken ct) => throw OneForGood();

    private static NotSupportedException OneForGood() => new("This source has one key for good; rotation is tested on real sources.");

    private sealed class Key(FaultingKeySource source, ECDsa ecdsa) : SigningKey(ecdsa)
    {
        public ECDsa Private { get; } = ecdsa;

        public override async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken ct)
        {
            if (source.Meanwhile is { } meanwhile)
            {
                source.Meanwhile = null;
                await meanwhile();
            }

            if (source.Unreachable)
            {
                throw new OutageException("signing keys");
            }

            Interlocked.Increment(ref source.signatures);
            return Private.SignHash(digest.Span);
        }
    }
}
