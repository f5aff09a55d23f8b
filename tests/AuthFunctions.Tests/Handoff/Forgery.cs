using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Handoff;

/// <summary>Takes a JSON Web Token apart, and puts one together as an attacker would.</summary>
internal static class Forgery
{
    public static (JsonObject Header, JsonObject Claims) Read(string token)
    {
        var parts = token.Split('.');
        return (Decode(parts[0]), Decode(parts[1]));
    }

    /// <summary>A token with the service's own signature.</summary>
    public static string Sign(FaultingKeySource keys, JsonObject header, JsonObject claims) => Sign(keys.Private, header, claims);

    /// <summary>A token with an ES256 signature.</summary>
    public static string Sign(ECDsa key, JsonObject header, JsonObject claims) =>
        Seal(header, claims, input => key.SignData(input, HashAlgorithmName.SHA256));

    /// <summary>A token with any signature.</summary>
    public static string Seal(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        var input = $"{Encode(header)}.{Encode(claims)}";
        return $"{input}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(input)))}";
    }

    private static JsonObject Decode(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
