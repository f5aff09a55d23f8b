using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AuthFunctions.Protocol;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.SigningKeys;

/// <summary>
/// Signs JSON Web Tokens with the current key and knows the keys that check them. Loads keys on first use and looks again every half minute.
/// </summary>
/// <remarks>
/// Microsoft.IdentityModel.JsonWebTokens makes tokens synchronously only, and a key in a vault signs over the network. So the compact
/// serialisation (RFC 7515 §3.1) is put together here; everything that reads a token goes through the library, but for DPoP proofs, which bring
/// their own key.
/// </remarks>
public sealed partial class KeyRing(IKeySource source, TimeProvider clock, ILogger<KeyRing> logger)
{
    /// <summary>
    /// Letters as they are, in UTF-8: escaped, a long name in another script than Latin takes twice the room, and the cookie's 4096 bytes do
    /// not hold it. What the default encoder protects is HTML, where no token is ever written.
    /// </summary>
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Age at which keys are looked up anew; whoever asks meanwhile is not kept waiting.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(30);

    /// <summary>Age past which nobody is answered without having looked: a pulled key is refused within a minute.</summary>
    private static readonly TimeSpan UsableFor = TimeSpan.FromSeconds(55);

    /// <summary>How long anybody waits for keys and a signature, so that an outage is answered within three seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2700);

    private readonly Lock guard = new();
    private volatile Loaded? loaded;
    private Task<KeySet>? loading;
    private int changes;

    /// <summary>The keys, from memory while they are fresh.</summary>
    public ValueTask<KeySet> KeysAsync(CancellationToken ct)
    {
        if (loaded is not { } cached || Age(cached) >= UsableFor)
        {
            return new ValueTask<KeySet>(PatientlyAsync(patience => LoadAsync().WaitAsync(patience), ct));
        }

        if (Age(cached) >= FreshFor)
        {
            // Nobody waits for it, and it reports by itself what goes wrong.
            _ = LoadAsync();
        }

        return ValueTask.FromResult(cached.Keys);
    }

    /// <summary>Forgets the keys: this instance has just changed them.</summary>
    public void Forget()
    {
        lock (guard)
        {
            changes++;
            (loaded, loading) = (null, null);
        }
    }

    /// <summary>A signed token of that <c>typ</c>.</summary>
    /// <param name="type">One of <see cref="JwtTypes"/>.</param>
    /// <param name="writeClaims">Writes the members of the payload, between its braces.</param>
    /// <param name="ct">Ends the wait for a vault.</param>
    public Task<string> SignAsync(string type, Action<Utf8JsonWriter> writeClaims, CancellationToken ct) =>
        PatientlyAsync(patience => SignNowAsync(type, writeClaims, patience), ct);

    private async Task<string> SignNowAsync(string type, Action<Utf8JsonWriter> writeClaims, CancellationToken ct)
    {
        var key = (await KeysAsync(ct)).Current;
        var signingInput = $"{Encode(header =>
        {
            header.WriteString("alg", "ES256");
            header.WriteString("kid", key.Kid);
            header.WriteString("typ", type);
        })}.{Encode(writeClaims)}";
        var signature = await key.SignAsync(SHA256.HashData(Encoding.ASCII.GetBytes(signingInput)), ct);
        return $"{signingInput}.{Base64Url.EncodeToString(signature)}";
    }

    private static async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            return await work(patience.Token);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new OutageException("signing keys", late);
        }
    }

    /// <summary>One look for all who wait, and no caller's impatience breaks it off: the next finds what it brought.</summary>
    private Task<KeySet> LoadAsync()
    {
        lock (guard)
        {
            return loading is { IsCompleted: false } ? loading : loading = LoadNowAsync(changes);
        }
    }

    private async Task<KeySet> LoadNowAsync(int asOf)
    {
        await Task.Yield();
        var known = loaded;
        KeySet keys;
        try
        {
            keys = await source.LoadAsync(CancellationToken.None);
        }
        catch (Exception failure) when (known is not null)
        {
            // Tokens must go on being checked while the source is out; what an operator pulls in that time cannot be known.
            LogStale(logger, failure);
            keys = known.Keys;
        }

        lock (guard)
        {
            // What was read before this instance changed the keys is old.
            if (asOf == changes)
            {
                loaded = new Loaded(keys, clock.GetUtcNow());
            }
        }

        return keys;
    }

    private TimeSpan Age(Loaded keys) => clock.GetUtcNow() - keys.At;

    private static string Encode(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Unescaped))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }

    [LoggerMessage(1, LogLevel.Warning, "Keys cannot be looked up right now; going on with those that are known")]
    private static partial void LogStale(ILogger logger, Exception exception);

    private sealed record Loaded(KeySet Keys, DateTimeOffset At);
}
