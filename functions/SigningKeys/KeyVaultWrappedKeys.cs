using Microsoft.Extensions.Options;

namespace AuthFunctions.SigningKeys;

/// <summary>
/// Keys that this process signs with, sealed in the table under a data key that the vault wraps: past the vault's 400 signatures a second, and
/// alive through its outages once they are unsealed.
/// </summary>
public sealed class KeyVaultWrappedKeys(SigningKeyStore store, KeyVaultWrapper wrapper, IOptions<KeysOptions> options, TimeProvider clock)
    : StoredKeys("wrapped", store, options, clock)
{
    /// <inheritdoc/>
    protected override async Task<SigningKeyRow> SealAsync(SigningKeyRow plain, CancellationToken ct)
    {
        var envelope = await wrapper.SealAsync(plain.Pkcs8, ct);
        return plain with { Pkcs8 = envelope.Sealed, WrappedDataKey = envelope.WrappedDataKey, WrappedBy = envelope.WrappedBy };
    }

    /// <inheritdoc/>
    protected override Task<byte[]> UnsealAsync(SigningKeyRow row, CancellationToken ct) =>
        wrapper.OpenAsync(new Envelope(row.Pkcs8, row.WrappedDataKey ?? [], row.WrappedBy ?? ""), ct);
}
