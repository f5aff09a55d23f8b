using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AuthFunctions.SigningKeys;

/// <summary>Signs JSON Web Tokens with the current key and knows the keys that check them. Loads keys on first use and caches them.</summary>
/// <remarks>
/// Microsoft.IdentityModel.JsonWebTokens makes tokens synchronously only, and a key in a vault signs over the network. So the compact
/// serialisation (RFC 7515 §3.1) is put together here; everything that reads a token goes through the library, but for DPoP proofs, which bring
/// their own key.
/// </remarks>
public sealed class KeyRing(IKeySource source, TimeProvider clock) : IDisposable
{
    /// <summary>
    /// Letters as they are, in UTF-8: escaped, a long name in another script than Latin takes twice the room, and the cookie's 4096 bytes do
    /// not hold it. What the default encoder protects is HTML, where no token is ever written.
    /// </summary>
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SemaphoreSlim loading = new(1, 1);
    private volatile KeySet? keys;

    /// <summary>The keys, from memory while they are fresh.</summary>
    public async ValueTask<KeySet> KeysAsync(CancellationToken ct)
    {
        if (keys is { } cached && clock.GetUtcNow() < cached.FreshUntil)
        {
            return cached;
        }

        await loading.WaitAsync(ct);
        try
        {
            return keys is { } loaded && clock.GetUtcNow() < loaded.FreshUntil ? loaded : keys = await source.LoadAsync(ct);
        }
        finally
        {
            loading.Release();
        }
    }

    /// <summary>A signed token of that <c>typ</c>.</summary>
    /// <param name="type">One of <see cref="Protocol.JwtTypes"/>.</param>
    /// <param name="writeClaims">Writes the members of the payload, between its braces.</param>
    /// <param name="ct">Ends the wait for a vault.</param>
    public async Task<string> SignAsync(string type, Action<Utf8JsonWriter> writeClaims, CancellationToken ct)
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

    /// <inheritdoc/>
    public void Dispose() => loading.Dispose();

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
}
