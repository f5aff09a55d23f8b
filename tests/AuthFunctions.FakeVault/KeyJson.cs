using System.Text.Json.Serialization;

namespace AuthFunctions.FakeVault;

/// <summary>A key's public part.</summary>
internal sealed record MaterialJson(
    string Kid,
    string Kty,
    IReadOnlyList<string> KeyOps,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Crv,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? X,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Y,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? N,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? E);

/// <summary>A version's attributes; times in Unix seconds.</summary>
internal sealed record AttributesJson(
    bool? Enabled,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Nbf,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Exp,
    long? Created,
    long? Updated,
    [property: JsonPropertyName("recoveryLevel")] string? RecoveryLevel);

/// <summary>A version with its material.</summary>
internal sealed record BundleJson(MaterialJson Key, AttributesJson Attributes);

/// <summary>A version in a list, without its material.</summary>
internal sealed record ItemJson(string Kid, AttributesJson Attributes);

/// <summary>A page of a list.</summary>
internal sealed record PageJson(IReadOnlyList<ItemJson> Value, [property: JsonPropertyName("nextLink")] string? NextLink);

/// <summary>Body of create.</summary>
internal sealed record CreateJson(string? Kty, string? Crv, int? KeySize, IReadOnlyList<string>? KeyOps, AttributesJson? Attributes);

/// <summary>Body of an update.</summary>
internal sealed record UpdateJson(AttributesJson? Attributes, IReadOnlyList<string>? KeyOps);

/// <summary>Body of sign, wrapkey and unwrapkey.</summary>
internal sealed record CryptoJson(string? Alg, string? Value);

/// <summary>Answer of sign, wrapkey and unwrapkey.</summary>
internal sealed record CryptoResultJson(string Kid, string Value);
