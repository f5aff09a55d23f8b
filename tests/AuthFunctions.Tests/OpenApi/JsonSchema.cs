using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AuthFunctions.Tests.OpenApi;

/// <summary>
/// Checks values against the part of JSON Schema 2020-12 that the contract uses. A keyword that is not checked here may not be used there:
/// it throws.
/// </summary>
internal sealed class JsonSchema(JsonElement document)
{
    private static readonly string[] Annotations = ["description", "default", "examples"];

    /// <summary>What of the value the schema does not allow, each with where it is.</summary>
    public IReadOnlyList<string> Faults(JsonElement schema, JsonElement value, string at = "$")
    {
        // A schema that is a boolean allows everything or nothing.
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return schema.GetBoolean() ? [] : [$"{at} is not in the contract"];
        }

        return [.. schema.EnumerateObject().SelectMany(keyword => Check(schema, keyword.Name, keyword.Value, value, at))];
    }

    /// <summary>What a reference within the document points to; anything else is itself.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference) && element.EnumerateObject().Count() == 1)
        {
            element = Find(reference.GetString()!);
        }

        return element;
    }

    private JsonElement Find(string reference) => reference.Split('/').Skip(1).Aggregate(
        document, (at, step) => at.GetProperty(step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)));

    private IEnumerable<string> Check(JsonElement schema, string keyword, JsonElement argument, JsonElement value, string at) => keyword switch
    {
        "$ref" => Faults(Find(argument.GetString()!), value, at),
        "type" => Fault(Texts(argument).Any(type => Is(type, value)), $"{at} is {value.ValueKind}, not {argument}"),
        "const" => Fault(JsonElement.DeepEquals(argument, value), $"{at} is {value}, not {argument}"),
        "enum" => Fault(argument.EnumerateArray().Any(a => JsonElement.DeepEquals(a, value)), $"{at} is {value}, none of {argument}"),
        "allOf" => argument.EnumerateArray().SelectMany(one => Faults(one, value, at)),
        "oneOf" => Fault(argument.EnumerateArray().Count(one => Faults(one, value, at).Count == 0) == 1, $"{at} is not one of the alternatives"),
        "required" => argument.EnumerateArray().Select(n => n.GetString()!)
            .SelectMany(name => Fault(value.ValueKind != JsonValueKind.Object || value.TryGetProperty(name, out _), $"{at} lacks {name}")),
        "properties" => Members(value).SelectMany(m => argument.TryGetProperty(m.Name, out var known) ? Faults(known, m.Value, $"{at}.{m.Name}") : []),
        "additionalProperties" => Members(value)
            .Where(m => !schema.TryGetProperty("properties", out var known) || !known.TryGetProperty(m.Name, out _))
            .SelectMany(m => Faults(argument, m.Value, $"{at}.{m.Name}")),
        "items" => Items(value).SelectMany((item, i) => Faults(argument, item, $"{at}[{i}]")),
        "minItems" => Fault(value.ValueKind != JsonValueKind.Array || Items(value).Count() >= argument.GetInt32(), $"{at} has too few items"),
        "maxItems" => Fault(Items(value).Count() <= argument.GetInt32(), $"{at} has too many items"),
        "uniqueItems" => Fault(Items(value).Select(i => i.GetRawText()).Distinct().Count() == Items(value).Count(), $"{at} repeats an item"),
        "minimum" => Fault(value.ValueKind != JsonValueKind.Number || value.GetDouble() >= argument.GetDouble(), $"{at} is {value}, less than {argument}"),
        "maximum" => Fault(value.ValueKind != JsonValueKind.Number || value.GetDouble() <= argument.GetDouble(), $"{at} is {value}, more than {argument}"),
        "minLength" => Fault(Text(value) is not { } text || text.Length >= argument.GetInt32(), $"{at} is too short"),
        "maxLength" => Fault(Text(value) is not { } text || text.Length <= argument.GetInt32(), $"{at} is too long"),
        "pattern" => Fault(Text(value) is not { } text || Regex.IsMatch(text, argument.GetString()!), $"{at} does not match {argument}"),
        "format" => Fault(Text(value) is not { } text || HasFormat(argument.GetString()!, text), $"{at} is no {argument}"),
        _ when Annotations.Contains(keyword) => [],
        _ => throw new NotSupportedException($"{at}: {keyword} is not checked"),
    };

    private static string[] Fault(bool holds, string fault) => holds ? [] : [fault];

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<string> Texts(JsonElement oneOrMore) =>
        oneOrMore.ValueKind == JsonValueKind.Array ? oneOrMore.EnumerateArray().Select(t => t.GetString()!) : [oneOrMore.GetString()!];

    private static JsonElement.ObjectEnumerator Members(JsonElement value) => value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : default;

    private static JsonElement.ArrayEnumerator Items(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;

    private static bool Is(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new NotSupportedException(type),
    };

    private static bool HasFormat(string format, string text) => format switch
    {
        "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) && text.Contains('T', StringComparison.Ordinal),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => throw new NotSupportedException(format),
    };
}
