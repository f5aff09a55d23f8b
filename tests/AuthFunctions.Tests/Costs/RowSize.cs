using AuthFunctions.Storage;

namespace AuthFunctions.Tests.Costs;

/// <summary>
/// The size of a row by the published formula of Table Storage: 4 bytes, the keys in UTF-16, and for each column 8 bytes, its name in UTF-16 and
/// its value. What indexes and copies take beyond that is in the price.
/// </summary>
internal static class RowSize
{
    public static int Of(Row row) =>
        4 + (2 * (row.Partition.Length + row.Key.Length)) + row.Columns.Sum(c => 8 + (2 * c.Key.Length) + SizeOf(c.Value));

    private static int SizeOf(object value) => value switch
    {
        string text => (2 * text.Length) + 4,
        byte[] bytes => bytes.Length + 4,
        bool => 1,
        int => 4,
        long or double or DateTimeOffset => 8,
        Guid => 16,
        _ => throw new ArgumentException($"There is no size of a {value.GetType()}.", nameof(value)),
    };
}
