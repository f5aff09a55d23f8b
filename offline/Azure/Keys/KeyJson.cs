using System.Buffers.Text;
using System.Text.Json;

namespace Azure.Security.KeyVault.Keys;

/// <summary>Keys as the vault writes them, and the attributes that can be written back.</summary>
internal static class KeyJson
{
    /// <summary>A key with its material: <c>{"key": {"kid", …}, "attributes": {…}}</c>.</summary>
    public static KeyVaultKey Key(JsonElement bundle)
    {
        var key = Material(bundle.GetProperty("key"));
        return new KeyVaultKey(Properties(key.Id, bundle), key);
    }

    /// <summary>An item of a list: <c>{"kid", "attributes": {…}}</c>, without material.</summary>
    public static KeyProperties Item(JsonElement item) => Properties(item.GetProperty("kid").GetString(), item);

    /// <summary>What of the attributes is set; the vault leaves the rest as it is.</summary>
    public static void WriteAttributes(Utf8JsonWriter json, KeyProperties properties)
    {
        json.WriteStartObject("attributes");
        if (properties.Enabled is { } enabled)
        {
            json.WriteBoolean("enabled", enabled);
        }

        if (properties.NotBefore is { } notBefore)
        {
            json.WriteNumber("nbf", notBefore.ToUnixTimeSeconds());
        }

        if (properties.ExpiresOn is { } expiresOn)
        {
            json.WriteNumber("exp", expiresOn.ToUnixTimeSeconds());
        }

        json.WriteEndObject();
    }

    /// <summary>A value in base64url.</summary>
    public static byte[] Bytes(JsonElement value) => Base64Url.DecodeFromChars(value.GetString());

    private static KeyProperties Properties(string kid, JsonElement holder)
    {
        var properties = new KeyProperties(new Uri(kid));
        if (holder.TryGetProperty("attributes", out var attributes))
        {
            properties.Enabled = attributes.TryGetProperty("enabled", out var enabled) ? enabled.GetBoolean() : null;
            properties.NotBefore = Time(attributes, "nbf");
            properties.ExpiresOn = Time(attributes, "exp");
            properties.CreatedOn = Time(attributes, "created");
            properties.UpdatedOn = Time(attributes, "updated");
        }

        return properties;
    }

    private static JsonWebKey Material(JsonElement key) => new(Operations(key))
    {
        Id = key.GetProperty("kid").GetString(),
        KeyType = key.GetProperty("kty").GetString(),
        CurveName = key.TryGetProperty("crv", out var curve) ? new KeyCurveName(curve.GetString()) : default(KeyCurveName?),
        X = Bytes(key, "x"),
        Y = Bytes(key, "y"),
        N = Bytes(key, "n"),
        E = Bytes(key, "e"),
    };

    private static IEnumerable<KeyOperation> Operations(JsonElement key) =>
        key.TryGetProperty("key_ops", out var operations)
            ? operations.EnumerateArray().Select(o => new KeyOperation(o.GetString()))
            : [];

    private static byte[] Bytes(JsonElement key, string name) => key.TryGetProperty(name, out var value) ? Bytes(value) : null;

    private static DateTimeOffset? Time(JsonElement attributes, string name) =>
        attributes.TryGetProperty(name, out var value) ? DateTimeOffset.FromUnixTimeSeconds(value.GetInt64()) : null;
}
