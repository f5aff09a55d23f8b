using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthFunctions.Protocol;

namespace AuthFunctions.Tests.Clients;

/// <summary>A client's signing key: its public half for settings or a server, and JWTs by its private half.</summary>
internal sealed class ClientKeyPair : IDisposable
{
    public ECDsa Private { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Kid => Jwk.Of(Private).Kid;

    /// <summary>The public half as a key set.</summary>
    public string Jwks => JsonSerializer.Serialize(new { keys = new[] { Jwk.Of(Private) } }, JsonSerializerOptions.Web);

    public string Sign(JsonObject header, JsonObject claims)
    {
        var input = $"{Encode(header)}.{Encode(claims)}";
        return $"{input}.{Base64Url.EncodeToString(Private.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    public void Dispose() => Private.Dispose();

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
