using System.Buffers;
using System.Text.RegularExpressions;
using Azure;

namespace AuthFunctions.Storage;

/// <summary>
/// The limits of Azure Table Storage, checked before anything is sent: the emulator lets through what the service refuses
/// (it even commits across partitions), and half a refusal in production is a bug found too late.
/// </summary>
public static partial class TableLimits
{
    /// <summary>Changes in one commit, at most.</summary>
    public const int Changes = 100;

    /// <summary>Columns of a row, at most: the service's 252 less the operation id.</summary>
    public const int Columns = 251;

    /// <summary>Bytes of a row as the service counts them, at most: 1 MiB.</summary>
    public const int RowBytes = 1024 * 1024;

    /// <summary>Bytes of the request that carries a commit, at most: 4 MiB.</summary>
    public const int CommitBytes = 4 * 1024 * 1024;

    /// <summary>Bytes of a column, at most: 64 KiB. A string has two for each UTF-16 unit.</summary>
    public const int ColumnBytes = 64 * 1024;

    /// <summary>Characters of a key, at most.</summary>
    public const int KeyLength = 512;

    /// <summary>Characters of a column's name, at most.</summary>
    public const int NameLength = 255;

    /// <summary>The earliest date a column can hold.</summary>
    public static readonly DateTimeOffset EarliestDate = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Headers, boundaries and the address of one change in a request: about 600 bytes, with room for a long endpoint.
    private const int ChangeOverhead = 1024;

    private static readonly SearchValues<char> ForbiddenInKeys = SearchValues.Create(
        [.. @"/\#?", .. Enumerable.Range(0x00, 0x20).Select(c => (char)c), .. Enumerable.Range(0x7F, 0x21).Select(c => (char)c)]);

    // What the JSON writer sends as it is; all else may become \uXXXX.
    private static readonly SearchValues<char> PlainInJson = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 !#$%()*,-./:;=?@[]^_{|}~");

    /// <summary>Throws <see cref="ArgumentException"/> where the service would refuse the commit, or would not do what it says.</summary>
    public static void Check(IReadOnlyList<Change> changes)
    {
        if (changes.Count is < 1 or > Changes)
        {
            throw Fault($"A commit must have 1 to {Changes} changes, but has {changes.Count}.");
        }

        CheckPreconditions(changes);
        var keys = new HashSet<string>(changes.Count, StringComparer.Ordinal);
        var bytes = 0L;
        foreach (var change in changes)
        {
            if (change.Partition != changes[0].Partition)
            {
                throw Fault($"A commit must stay in one partition, but is in {changes[0].Partition} and {change.Partition}.");
            }

            CheckKey("PartitionKey", change.Partition);
            CheckKey("RowKey", change.Key);
            if (!keys.Add(change.Key))
            {
                throw Fault($"A commit must change each row once, but changes {change.Key} again.");
            }

            bytes += ChangeOverhead + change switch
            {
                Change.Add add => CheckRow(add.Row),
                Change.Replace replace => CheckRow(replace.Row),
                _ => JsonBytes(change.Partition) + JsonBytes(change.Key),
            };
        }

        if (bytes > CommitBytes)
        {
            throw Fault($"A commit must fit {CommitBytes} bytes, but may take {bytes}.");
        }
    }

    /// <summary>Throws where a replace or delete names no version that was read: the client library would make it unconditional.</summary>
    public static void CheckPreconditions(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            var etag = change switch
            {
                Change.Replace replace => replace.Row.ETag,
                Change.Delete delete => delete.ETag,
                _ => (ETag?)null,
            };
            if (etag is { } version && (version == default || version == ETag.All))
            {
                throw Fault($"A {change.GetType().Name} of {change.Key} needs the ETag that was read, but has '{version}'.");
            }
        }
    }

    private static void CheckKey(string name, string key)
    {
        if (key.Length > KeyLength)
        {
            throw Fault($"A {name} must have at most {KeyLength} characters, but has {key.Length}.");
        }

        var at = key.AsSpan().IndexOfAny(ForbiddenInKeys);
        if (at >= 0)
        {
            throw Fault($"A {name} must not contain / \\ # ? or control characters, but has U+{(int)key[at]:X4} at {at}.");
        }
    }

    /// <summary>Checks a row by itself.</summary>
    /// <returns>The bytes it takes in a request, at most.</returns>
    private static long CheckRow(Row row)
    {
        if (row.Columns.Count > Columns)
        {
            throw Fault($"A row must have at most {Columns} columns, but {row.Key} has {row.Columns.Count}.");
        }

        // As the service counts: 4 bytes, the keys in UTF-16, and for each column 8 bytes, its name in UTF-16 and its value.
        // The operation id will be a column of 16 bytes.
        var stored = 4L + (2 * (row.Partition.Length + row.Key.Length)) + 8 + (2 * ConfirmingTable.OperationId.Length) + 16;

        // Written keys travel twice, in the address and in the body.
        var sent = 2 * (JsonBytes(row.Partition) + JsonBytes(row.Key));
        foreach (var (name, value) in row.Columns)
        {
            CheckName(name);
            var size = CheckValue(name, value);
            stored += 8 + (2 * name.Length) + size;
            sent += (2 * name.Length) + 64 + (value is string text ? JsonBytes(text) : size / 3 * 4);
        }

        return stored <= RowBytes
            ? sent
            : throw Fault($"A row must fit {RowBytes} bytes, but {row.Key} takes {stored}.");
    }

    private static void CheckName(string name)
    {
        if (name.Length > NameLength)
        {
            throw Fault($"A column's name must have at most {NameLength} characters, but one has {name.Length}.");
        }

        if (!Identifier().IsMatch(name))
        {
            throw Fault($"A column's name must be letters, digits and _, not first a digit, but is '{name}'.");
        }

        if (name is "PartitionKey" or "RowKey" or "Timestamp" or ConfirmingTable.OperationId)
        {
            throw Fault($"A column must not be called {name}: the name is taken.");
        }
    }

    /// <summary>Checks a value.</summary>
    /// <returns>The bytes it takes in the table.</returns>
    private static int CheckValue(string name, object value)
    {
        var size = value switch
        {
            string text => (2 * text.Length) + 4,
            byte[] bytes => bytes.Length + 4,
            bool => 1,
            int => 4,
            long or double => 8,
            DateTimeOffset date => CheckDate(name, date),
            Guid => 16,
            null => throw Fault($"Column {name} must have a value; leave it out instead of null."),
            _ => throw Fault(
                $"Column {name} must be a string, bool, int, long, double, Guid, DateTimeOffset or byte[], but is {value.GetType()}."),
        };

        // The length prefix of strings and arrays counts for the row, not for the column.
        return size - 4 <= ColumnBytes
            ? size
            : throw Fault($"Column {name} must fit {ColumnBytes} bytes, but takes {size - 4}.");
    }

    private static int CheckDate(string name, DateTimeOffset date)
    {
        if (date.Offset != TimeSpan.Zero)
        {
            throw Fault($"Column {name} must be in UTC, but is {date:O}.");
        }

        return date >= EarliestDate ? 8 : throw Fault($"Column {name} must not be before {EarliestDate:O}, but is {date:O}.");
    }

    private static long JsonBytes(string text)
    {
        var bytes = 0L;
        foreach (var c in text)
        {
            bytes += PlainInJson.Contains(c) ? 1 : 6;
        }

        return bytes;
    }

    private static ArgumentException Fault(FormattableString message) => new(FormattableString.Invariant(message));

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Identifier();
}
