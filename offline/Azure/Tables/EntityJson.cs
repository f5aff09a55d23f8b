using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>Entities in OData JSON: what JSON cannot say of a value's type stands in an annotation beside it.</summary>
internal static class EntityJson
{
    // Always seven digits: an emulator that compares dates as text then orders them rightly.
    public const string DateFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    private const string Annotation = "@odata.type";

    public static void Write(Utf8JsonWriter json, ITableEntity entity)
    {
        json.WriteStartObject();
        foreach (var (name, value) in Dictionary(entity))
        {
            if (name is not (nameof(ITableEntity.Timestamp) or TableEntity.ETagName))
            {
                Write(json, name, value);
            }
        }

        json.WriteEndObject();
    }

    public static T Read<T>(JsonElement json)
        where T : class, ITableEntity
    {
        var entity = Activator.CreateInstance<T>();
        var properties = Dictionary(entity);
        List<(string Name, string Type)> annotations = [];
        foreach (var property in json.EnumerateObject())
        {
            var name = property.Name;
            if (name.EndsWith(Annotation, StringComparison.Ordinal))
            {
                annotations.Add((name[..^Annotation.Length], property.Value.GetString()));
            }
            else
            {
                properties[name] = Plain(property.Value);
            }
        }

        // Afterwards, because nothing says that an annotation precedes what it is about.
        foreach (var (name, type) in annotations)
        {
            properties[name] = Typed(type, properties[name]);
        }

        // The one typed property that minimal metadata leaves without an annotation.
        if (properties.TryGetValue(nameof(ITableEntity.Timestamp), out var timestamp) && timestamp is string text)
        {
            properties[nameof(ITableEntity.Timestamp)] = Date(text);
        }

        return entity;
    }

    // The package maps classes of one's own too; the product has none.
    private static TableEntity Dictionary(ITableEntity entity) =>
        entity as TableEntity ?? throw new NotSupportedException($"Only {nameof(TableEntity)} is mapped here, not {entity.GetType()}.");

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case string text:
                json.WriteString(name, text);
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                Annotate(json, name, "Edm.Int64");
                json.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                Annotate(json, name, "Edm.Double");
                if (double.IsFinite(number))
                {
                    json.WriteNumber(name, number);
                }
                else
                {
                    json.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
                }

                break;
            case Guid guid:
                Annotate(json, name, "Edm.Guid");
                json.WriteString(name, guid);
                break;
            case DateTimeOffset date:
                Annotate(json, name, "Edm.DateTime");
                json.WriteString(name, date.UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture));
                break;
            case byte[] bytes:
                Annotate(json, name, "Edm.Binary");
                json.WriteBase64String(name, bytes);
                break;
            default:
                throw new NotSupportedException($"A table cannot hold a {value.GetType()} (property {name}).");
        }
    }

    private static void Annotate(Utf8JsonWriter json, string name, string type) => json.WriteString(name + Annotation, type);

    private static object Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetInt32(out var number) ? (object)number : value.GetDouble(),
        JsonValueKind.Null => null,
        _ => throw new FormatException($"A property of an entity cannot be a JSON {value.ValueKind}."),
    };

    private static object Typed(string type, object value) => (type, value) switch
    {
        (_, null) => null,
        ("Edm.Int64", string text) => long.Parse(text, CultureInfo.InvariantCulture),
        ("Edm.Guid", string text) => Guid.Parse(text),
        ("Edm.Binary", string text) => Convert.FromBase64String(text),
        ("Edm.DateTime", string text) => Date(text),
        ("Edm.Double", string text) => double.Parse(text, CultureInfo.InvariantCulture),
        ("Edm.Double", int number) => (double)number,
        _ => value,
    };

    private static DateTimeOffset Date(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
