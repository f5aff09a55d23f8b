using System.Text.Json;
using System.Text.Json.Serialization;

namespace AuthFunctions.Tokens;

/// <summary>The claim <c>act</c>: who acts for the subject of a token (RFC 8693 §4.1).</summary>
/// <param name="Sub">The one who acts now: a user, or a client that acts for itself.</param>
/// <param name="Act">Who acted before; for information alone, never for deciding about access.</param>
public sealed record ActClaim(
    [property: JsonPropertyName("sub")] string Sub,
    [property: JsonPropertyName("act"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ActClaim? Act)
{
    /// <summary>The claim's name.</summary>
    public const string Name = "act";

    /// <summary>How many have acted.</summary>
    [JsonIgnore]
    public int Depth => 1 + (Act?.Depth ?? 0);

    /// <summary>Writes the claim into a token.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WritePropertyName(Name);
        JsonSerializer.Serialize(json, this, TokensJson.Default.ActClaim);
    }
}
