using Microsoft.Extensions.Options;

namespace AuthFunctions.SigningKeys;

/// <summary>Keys in the clear, for the local service: they rotate like the others and outlive a restart.</summary>
public sealed class DevelopmentKeys(SigningKeyStore store, IOptions<KeysOptions> options, TimeProvider clock)
    : StoredKeys("development", store, options, clock)
{
    /// <inheritdoc/>
    protected override Task<SigningKeyRow> SealAsync(SigningKeyRow plain, CancellationToken ct) => Task.FromResult(plain);

    /// <inheritdoc/>
    protected override Task<byte[]> UnsealAsync(SigningKeyRow row, CancellationToken ct) => Task.FromResult(row.Pkcs8);
}
