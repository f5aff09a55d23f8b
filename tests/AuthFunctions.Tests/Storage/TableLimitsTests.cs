using AuthFunctions.Storage;
using Azure;

namespace AuthFunctions.Tests.Storage;

/// <summary>Each test starts from a commit at the very limit, which passes, and spoils one thing.</summary>
public sealed class TableLimitsTests
{
    private static readonly ETag Read = new("W/\"1\"");

    [Fact]
    public void One_to_a_hundred_changes_pass_and_none_or_one_more_do_not()
    {
        TableLimits.Check([Add("a")]);
        TableLimits.Check(Adds(100));

        Refused([], "1 to 100", "has 0");
        Refused(Adds(101), "1 to 100", "has 101");
    }

    [Fact]
    public void A_second_partition_is_refused()
    {
        TableLimits.Check([Add("a"), new Change.Delete("p", "b", Read)]);

        Refused([Add("a"), new Change.Delete("q", "b", Read)], "one partition", "p and q");
    }

    [Fact]
    public void A_second_change_of_one_row_is_refused()
    {
        TableLimits.Check([Add("a"), new Change.Delete("p", "A", Read)]);

        Refused([Add("a"), new Change.Delete("p", "a", Read)], "once", "a again");
    }

    [Fact]
    public void A_replace_or_delete_without_the_version_that_was_read_is_refused()
    {
        TableLimits.Check([new Change.Replace(NewRow("a") with { ETag = Read }), new Change.Delete("p", "b", Read)]);

        Refused([new Change.Replace(NewRow("a"))], "Replace of a", "ETag");
        Refused([new Change.Replace(NewRow("a") with { ETag = ETag.All })], "Replace of a", "'*'");
        Refused([new Change.Delete("p", "b", default)], "Delete of b", "ETag");
        Refused([new Change.Delete("p", "b", ETag.All)], "Delete of b", "'*'");
    }

    [Theory]
    [InlineData('/')]
    [InlineData('\\')]
    [InlineData('#')]
    [InlineData('?')]
    [InlineData('\0')]
    [InlineData('\t')]
    [InlineData('\x1F')]
    [InlineData('\x7F')]
    [InlineData('\x9F')]
    public void A_forbidden_character_in_a_key_is_refused(char forbidden)
    {
        TableLimits.Check([Add("a' \x7E\u00A0+%")]);
        var code = $"U+{(int)forbidden:X4}";

        Refused([Add($"a{forbidden}")], "RowKey", code);
        Refused([new Change.Add(NewRow("a") with { Partition = $"p{forbidden}" })], "PartitionKey", code);
        Refused([new Change.Delete("p", $"a{forbidden}", Read)], "RowKey", code);
    }

    [Fact]
    public void A_key_longer_than_512_characters_is_refused()
    {
        var longest = new string('k', 512);
        TableLimits.Check([new Change.Add(NewRow(longest) with { Partition = longest })]);

        Refused([Add(longest + "k")], "RowKey", "512", "513");
        Refused([new Change.Add(NewRow("a") with { Partition = longest + "k" })], "PartitionKey", "512", "513");
    }

    [Fact]
    public void A_252nd_column_is_refused_because_the_operation_id_is_the_last()
    {
        TableLimits.Check([With(Numbered(251))]);

        Refused([With(Numbered(252))], "251", "252");
    }

    [Theory]
    [InlineData("a-b")]
    [InlineData("1a")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a.b")]
    [InlineData("a\n")]
    [InlineData("ä")]
    public void A_column_name_that_is_no_identifier_is_refused(string name)
    {
        TableLimits.Check([With("_a1", 1)]);

        Refused([With(name, 1)], "name", $"'{name}'");
    }

    [Fact]
    public void A_column_name_longer_than_255_characters_is_refused()
    {
        TableLimits.Check([With(new string('n', 255), 1)]);

        Refused([With(new string('n', 256), 1)], "255", "256");
    }

    [Theory]
    [InlineData("PartitionKey")]
    [InlineData("RowKey")]
    [InlineData("Timestamp")]
    [InlineData("OperationId")]
    public void A_column_name_that_is_taken_is_refused(string name)
    {
        TableLimits.Check([With(name + "2", 1)]);

        Refused([With(name, 1)], name, "taken");
    }

    [Fact]
    public void A_string_longer_than_32_Ki_units_is_refused()
    {
        TableLimits.Check([With("C", new string('ä', 32 * 1024))]);

        Refused([With("C", new string('ä', (32 * 1024) + 1))], "Column C", "65536", "65538");
    }

    [Fact]
    public void An_array_longer_than_64_KiB_is_refused()
    {
        TableLimits.Check([With("C", new byte[64 * 1024])]);

        Refused([With("C", new byte[(64 * 1024) + 1])], "Column C", "65536", "65537");
    }

    [Fact]
    public void A_row_larger_than_1_MiB_is_refused()
    {
        // 15 full arrays with names of 3: 15 * (8 + 6 + 4 + 65,536). The frame is 4 + 4 for the keys + 8 + 22 + 16 for the
        // operation id. What is left to 1,048,576 goes to one more array.
        const int Left = 1048576 - (15 * 65554) - 54 - 18;
        var row = Enumerable.Range(0, 15).ToDictionary(i => $"C{i:D2}", _ => (object)new byte[65536]);
        TableLimits.Check([With(new Dictionary<string, object>(row) { ["C15"] = new byte[Left] })]);

        Refused([With(new Dictionary<string, object>(row) { ["C15"] = new byte[Left + 1] })], "1048576", "1048577");
    }

    [Fact]
    public void A_commit_larger_than_4_MiB_is_refused()
    {
        TableLimits.Check([.. Enumerable.Range(0, 47).Select(i => Big(i, 'a'))]);

        // The same number of characters, each of which takes six bytes in JSON.
        Refused([.. Enumerable.Range(0, 47).Select(i => Big(i, 'ä'))], "4194304");
        Refused([.. Enumerable.Range(0, 100).Select(i => Big(i, 'a'))], "4194304");

        static Change Big(int i, char c) => new Change.Add(NewRow($"{i}") with
        {
            Columns = new Dictionary<string, object> { ["A"] = new string(c, 32768), ["B"] = new byte[40000] },
        });
    }

    [Theory]
    [InlineData(1.5f)]
    [InlineData((short)1)]
    [InlineData(1UL)]
    [InlineData('c')]
    [InlineData(DayOfWeek.Friday)]
    public void A_type_that_tables_do_not_have_is_refused(object value)
    {
        TableLimits.Check([With(new Dictionary<string, object>
        {
            ["A"] = "", ["B"] = true, ["C"] = 1, ["D"] = 1L, ["E"] = 1.5, ["F"] = Guid.Empty, ["G"] = DateTimeOffset.UtcNow,
            ["H"] = Array.Empty<byte>(),
        })]);

        Refused([With("C", value)], "Column C", $"{value.GetType()}");
    }

    [Fact]
    public void A_null_is_refused()
    {
        Refused([With("C", null!)], "Column C", "null");
    }

    [Fact]
    public void A_date_before_1601_or_not_in_UTC_is_refused()
    {
        var earliest = new DateTimeOffset(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);
        TableLimits.Check([With("C", earliest)]);

        Refused([With("C", earliest.AddTicks(-1))], "Column C", "1601-01-01", "1600-12-31");
        Refused([With("C", earliest.AddYears(1).ToOffset(TimeSpan.FromHours(2)))], "Column C", "UTC", "+02:00");
    }

    [Fact]
    public void A_replace_is_held_to_the_limits_of_a_row_as_an_add_is()
    {
        Refused([new Change.Replace(NewRow("a") with { Columns = Numbered(252), ETag = Read })], "251", "252");
    }

    private static void Refused(IReadOnlyList<Change> changes, params string[] says)
    {
        var fault = Assert.Throws<ArgumentException>(() => TableLimits.Check(changes));
        Assert.All(says, s => Assert.Contains(s, fault.Message, StringComparison.Ordinal));
    }

    private static Row NewRow(string key) => new("p", key, new Dictionary<string, object> { ["Number"] = 1 });

    private static Change.Add Add(string key) => new(NewRow(key));

    private static Change[] Adds(int count) => [.. Enumerable.Range(0, count).Select(i => Add($"{i}"))];

    private static Dictionary<string, object> Numbered(int count) =>
        Enumerable.Range(0, count).ToDictionary(i => $"C{i}", i => (object)i);

    private static Change.Add With(string name, object value) => With(new Dictionary<string, object> { [name] = value });

    private static Change.Add With(Dictionary<string, object> columns) => new(NewRow("a") with { Columns = columns });
}
