using System.Text.Json.Nodes;

namespace AuthFunctions.Tests.Hostile;

/// <summary>A parameter of a query or of a form, a field of a JSON body, a cookie.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; other than text in JSON alone.</param>
internal sealed record Field(string Name, JsonNode? Value)
{
    /// <summary>True if it is written as it is, escapes and all: the text is percent-encoded already, or meant not to be.</summary>
    public bool AsIs { get; init; }

    /// <summary>The value as text.</summary>
    public string Text => Value is null ? ""
        : Value.GetValueKind() == System.Text.Json.JsonValueKind.String ? Value.GetValue<string>()
        : Value.ToJsonString();

    /// <summary>As a query or a form writes it.</summary>
    public string Written => $"{Name}={(AsIs ? Text.Replace(" ", "+", StringComparison.Ordinal) : Escaped(Text))}";

    /// <summary>Percent-encoded; half of a surrogate pair, which no UTF-8 has, as the bytes that it would be.</summary>
    public static string Escaped(string text)
    {
        try
        {
            return Uri.EscapeDataString(text);
        }
        catch (UriFormatException)
        {
            return "%ED%A0%80";
        }
    }
}
