namespace AuthFunctions.Storage;

/// <summary>Reading and writing a row's columns by type. A missing required column is a fault of the row, not of the request.</summary>
public static class Columns
{
    /// <summary>The columns that have a value; a null is left out, which is how a table stores it.</summary>
    public static IReadOnlyDictionary<string, object> Of(params ReadOnlySpan<(string Name, object? Value)> columns)
    {
        var present = new Dictionary<string, object>(columns.Length, StringComparer.Ordinal);
        foreach (var (name, value) in columns)
        {
            if (value is not null)
            {
                present.Add(name, value);
            }
        }

        return present;
    }

    /// <summary>A required text.</summary>
    public static string Text(this Row row, string name) => Required<string>(row, name);

    /// <summary>A text, or null.</summary>
    public static string? OptionalText(this Row row, string name) => row.Columns.GetValueOrDefault(name) as string;

    /// <summary>A required moment.</summary>
    public static DateTimeOffset Time(this Row row, string name) => Required<DateTimeOffset>(row, name);

    /// <summary>A moment, or null.</summary>
    public static DateTimeOffset? OptionalTime(this Row row, string name) => row.Columns.GetValueOrDefault(name) as DateTimeOffset?;

    /// <summary>A required whole number.</summary>
    public static int Number(this Row row, string name) => Required<int>(row, name);

    /// <summary>True if the flag is set; a missing one is not.</summary>
    public static bool Flag(this Row row, string name) => row.Columns.GetValueOrDefault(name) is true;

    /// <summary>Required bytes.</summary>
    public static byte[] Bytes(this Row row, string name) => Required<byte[]>(row, name);

    /// <summary>Bytes, or null.</summary>
    public static byte[]? OptionalBytes(this Row row, string name) => row.Columns.GetValueOrDefault(name) as byte[];

    private static T Required<T>(Row row, string name) => row.Columns.TryGetValue(name, out var value) && value is T typed
        ? typed
        : throw new InvalidDataException($"Row {row.Key} has no {name} of type {typeof(T).Name}.");
}
