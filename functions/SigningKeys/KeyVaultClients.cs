using AuthFunctions.Protocol;
using AuthFunctions.Telemetry;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using Microsoft.Extensions.Options;

namespace AuthFunctions.SigningKeys;

/// <summary>How the vault is reached: as whom, and over what; null is the client library's own transport.</summary>
public sealed record KeyVaultConnection(TokenCredential Credential, HttpPipelineTransport? Transport = null);

/// <summary>
/// The vault's clients, with deadlines for callers that wait: one quick retry, and an answer or an outage within three seconds.
/// </summary>
public sealed class KeyVaultClients
{
    /// <summary>Everything that one caller waits for, retries and what a throttled vault asks to wait included.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(2500);

    private static readonly TimeSpan PerTry = TimeSpan.FromMilliseconds(1100);

    private readonly IOptions<KeysOptions> options;
    private readonly KeyVaultConnection connection;
    private readonly Lazy<KeyClient> keys;

    /// <summary>The settings are looked at on first use: what needs no vault has none.</summary>
    public KeyVaultClients(IOptions<KeysOptions> options, KeyVaultConnection connection)
    {
        this.options = options;
        this.connection = connection;
        keys = new(() => new KeyClient(
            VaultUri, connection.Credential, Timely(new KeyClientOptions { DisableChallengeResourceVerification = VaultUri.IsLoopback })));
    }

    /// <summary>The vault's keys.</summary>
    public KeyClient Keys => keys.Value;

    private Uri VaultUri => options.Value.VaultUri!;

    /// <summary>What signs, wraps and unwraps with one version. Kept by the caller: a client looks its key up once.</summary>
    /// <remarks>A vault on loopback is an emulator, whose name cannot lie under the domain that its challenge names.</remarks>
    public CryptographyClient For(Uri keyId) => new(
        keyId, connection.Credential, Timely(new CryptographyClientOptions { DisableChallengeResourceVerification = VaultUri.IsLoopback }));

    /// <summary>Asks the vault something, within the deadline.</summary>
    /// <exception cref="OutageException">It refused, failed or was too slow.</exception>
    public static async Task<T> AskAsync<T>(string operation, Func<CancellationToken, Task<T>> question, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Deadline);
        try
        {
            return await AuthTelemetry.OnVaultAsync(operation, () => question(deadline.Token));
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && IsOutage(exception))
        {
            throw new OutageException("Key Vault", exception);
        }
    }

    /// <summary>
    /// Refusals of the vault, of the identity endpoint, of the network after retries, of the deadline, and of the client itself, which knows when
    /// a key is not valid.
    /// </summary>
    private static bool IsOutage(Exception exception) => exception
        is RequestFailedException or AuthenticationFailedException or AggregateException or OperationCanceledException or InvalidOperationException;

    private TOptions Timely<TOptions>(TOptions options)
        where TOptions : ClientOptions
    {
        options.Retry.Mode = RetryMode.Fixed;
        options.Retry.MaxRetries = 1;
        options.Retry.Delay = TimeSpan.FromMilliseconds(100);
        options.Retry.NetworkTimeout = PerTry;
        if (connection.Transport is { } transport)
        {
            options.Transport = transport;
        }

        return options;
    }
}
