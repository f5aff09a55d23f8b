using System.Text;
using AuthFunctions.Storage;
using Azure;

namespace AuthFunctions.Tests.Storage;

/// <summary>What every <see cref="ITable"/> does, whatever keeps the rows.</summary>
public abstract class TableContractTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly Lazy<ITable> table;

    protected TableContractTests()
    {
        table = new Lazy<ITable>(NewTable);
    }

    private ITable Table => table.Value;

    /// <summary>A table that nothing has been written to.</summary>
    protected abstract ITable NewTable();

    [Fact]
    public async Task A_table_that_was_never_written_to_reads_as_empty()
    {
        Assert.Null(await Table.FindAsync("p", "a", default));
        Assert.Empty(await KeysAsync("p", "a", "z"));
        Assert.Empty(await Table.ScanAsync(Now, default).ToListAsync());
    }

    [Fact]
    public async Task A_replace_in_a_table_that_was_never_written_to_is_a_conflict()
    {
        var stale = await StaleETagAsync();

        Assert.Equal(0, await ConflictAsync(new Change.Replace(NewRow("a", 1) with { ETag = stale })));
        Assert.Equal(
            1, await ConflictAsync(new Change.Add(NewRow("b", 1)), new Change.Replace(NewRow("a", 1) with { ETag = stale })));
    }

    [Fact]
    public async Task A_transaction_makes_the_table_it_is_the_first_to_write_to()
    {
        var etags = await DoneAsync(new Change.Add(NewRow("a", 1)), new Change.Add(NewRow("b", 2)));

        Assert.Equal(["a", "b"], await KeysAsync("p", "a", "z"));
        Assert.Equal(etags, [(await FindAsync("a")).ETag, (await FindAsync("b")).ETag]);
    }

    [Fact]
    public async Task The_partition_of_another_row_is_empty()
    {
        await DoneAsync(new Change.Add(NewRow("a", 1)));

        Assert.Empty(await KeysAsync("q", "", "z"));
        Assert.Null(await Table.FindAsync("q", "a", default));
    }

    [Fact]
    public async Task Of_32_that_insert_one_row_one_wins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 32)
            .Select(i => Task.Run(() => Table.CommitAsync([new Change.Add(NewRow("a", i))], default))));

        var winner = Assert.Single(outcomes, o => o is Commit.Done);
        Assert.All(outcomes.Except([winner]), o => Assert.Equal(new Commit.Conflict(0), o));
        Assert.Equal(Array.IndexOf(outcomes, winner), Number(await FindAsync("a")));
    }

    [Fact]
    public async Task Of_16_that_replace_one_version_in_a_transaction_one_wins()
    {
        var etag = (await DoneAsync(new Change.Add(NewRow("a", -1))))[0];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Table.CommitAsync(
            [new Change.Add(NewRow($"by{i:D2}", i)), new Change.Replace(NewRow("a", i) with { ETag = etag })], default))));

        var winner = Array.FindIndex(outcomes, o => o is Commit.Done);
        Assert.All(outcomes.Where((_, i) => i != winner), o => Assert.Equal(new Commit.Conflict(1), o));
        Assert.Equal(winner, Number(await FindAsync("a")));
        Assert.Equal([$"by{winner:D2}"], await KeysAsync("p", "by", "bz"));
    }

    [Fact]
    public async Task Increments_that_try_again_on_a_conflict_lose_none()
    {
        await DoneAsync(new Change.Add(NewRow("a", 0)));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            Commit outcome;
            do
            {
                var row = await FindAsync("a");
                outcome = await Table.CommitAsync([new Change.Replace(NewRow("a", Number(row) + 1) with { ETag = row.ETag })], default);
            }
            while (outcome is Commit.Conflict);
        })));

        Assert.Equal(8, Number(await FindAsync("a")));
    }

    [Fact]
    public async Task Every_write_gives_the_row_a_new_version()
    {
        var first = (await DoneAsync(new Change.Add(NewRow("a", 1))))[0];
        Assert.Equal(first, (await FindAsync("a")).ETag);

        var second = (await DoneAsync(new Change.Replace(NewRow("a", 1) with { ETag = first })))[0];

        Assert.NotEqual(first, second);
        Assert.Equal(second, (await FindAsync("a")).ETag);
    }

    [Fact]
    public async Task A_replace_drops_the_columns_it_does_not_name()
    {
        var etag = (await DoneAsync(new Change.Add(NewRow("a", 1))))[0];

        await DoneAsync(new Change.Replace(
            new Row("p", "a", new Dictionary<string, object> { ["Other"] = "only" }, etag)));

        Assert.Equal(["Other"], (await FindAsync("a")).Columns.Keys);
    }

    [Fact]
    public async Task A_delete_takes_the_row_and_leaves_room_for_a_new_one()
    {
        var etag = (await DoneAsync(new Change.Add(NewRow("a", 1))))[0];

        Assert.Equal([default], await DoneAsync(new Change.Delete("p", "a", etag)));

        Assert.Null(await Table.FindAsync("p", "a", default));
        await DoneAsync(new Change.Add(NewRow("a", 2)));
    }

    [Fact]
    public async Task A_transaction_adds_replaces_and_deletes_at_once()
    {
        var etags = await DoneAsync(new Change.Add(NewRow("a", 1)), new Change.Add(NewRow("b", 1)));

        var after = await DoneAsync(
            new Change.Delete("p", "a", etags[0]),
            new Change.Replace(NewRow("b", 2) with { ETag = etags[1] }),
            new Change.Add(NewRow("c", 3)));

        Assert.Equal(["b", "c"], await KeysAsync("p", "a", "z"));
        Assert.Equal([default, (await FindAsync("b")).ETag, (await FindAsync("c")).ETag], after);
        Assert.Equal(2, Number(await FindAsync("b")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_add_of_a_row_that_exists_fails_the_whole_transaction_at_its_index(int index)
    {
        await DoneAsync(new Change.Add(NewRow("taken", 1)));
        List<Change> changes = [new Change.Add(NewRow("a", 1)), new Change.Add(NewRow("b", 2))];
        changes.Insert(index, new Change.Add(NewRow("taken", 2)));

        Assert.Equal(index, await ConflictAsync([.. changes]));

        Assert.Equal(["taken"], await KeysAsync("p", "a", "z"));
        Assert.Equal(1, Number(await FindAsync("taken")));
    }

    [Fact]
    public async Task A_replace_of_another_version_is_a_conflict()
    {
        var stale = await StaleETagAsync();
        await DoneAsync(new Change.Add(NewRow("a", 1)));
        var replace = new Change.Replace(NewRow("a", 2) with { ETag = stale });

        Assert.Equal(0, await ConflictAsync(replace));
        Assert.Equal(1, await ConflictAsync(new Change.Add(NewRow("b", 1)), replace));

        Assert.Equal(["a"], await KeysAsync("p", "a", "z"));
        Assert.Equal(1, Number(await FindAsync("a")));
    }

    [Fact]
    public async Task A_replace_of_a_missing_row_is_a_conflict_and_inserts_nothing()
    {
        var stale = await StaleETagAsync();
        await DoneAsync(new Change.Add(NewRow("other", 1)));
        var replace = new Change.Replace(NewRow("a", 2) with { ETag = stale });

        Assert.Equal(0, await ConflictAsync(replace));
        Assert.Equal(1, await ConflictAsync(new Change.Add(NewRow("b", 1)), replace));

        Assert.Equal(["other"], await KeysAsync("p", "a", "z"));
    }

    [Fact]
    public async Task A_delete_of_another_version_is_a_conflict()
    {
        var stale = await StaleETagAsync();
        await DoneAsync(new Change.Add(NewRow("a", 1)));
        var delete = new Change.Delete("p", "a", stale);

        Assert.Equal(0, await ConflictAsync(delete));
        Assert.Equal(1, await ConflictAsync(new Change.Add(NewRow("b", 1)), delete));

        Assert.Equal(["a"], await KeysAsync("p", "a", "z"));
    }

    [Fact]
    public async Task A_delete_of_a_missing_row_fails_the_whole_transaction_at_its_index()
    {
        var stale = await StaleETagAsync();
        await DoneAsync(new Change.Add(NewRow("other", 1)));

        Assert.Equal(1, await ConflictAsync(new Change.Add(NewRow("b", 1)), new Change.Delete("p", "a", stale)));

        Assert.Equal(["other"], await KeysAsync("p", "a", "z"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    public async Task A_change_of_no_version_or_of_any_version_is_a_bug(string etag)
    {
        await DoneAsync(new Change.Add(NewRow("a", 1)));
        var version = etag.Length == 0 ? default : new ETag(etag);

        await Assert.ThrowsAsync<ArgumentException>(
            () => Table.CommitAsync([new Change.Replace(NewRow("a", 2) with { ETag = version })], default));
        await Assert.ThrowsAsync<ArgumentException>(
            () => Table.CommitAsync([new Change.Add(NewRow("b", 2)), new Change.Delete("p", "a", version)], default));

        Assert.Equal(1, Number(await FindAsync("a")));
        Assert.Null(await Table.FindAsync("p", "b", default));
    }

    [Fact]
    public async Task A_range_has_its_first_key_but_not_its_last_in_ordinal_order()
    {
        // Ordinal: capitals before small letters, "s_" before "s`"; a culture would order otherwise.
        string[] keys = ["s_b", "s_B", "s_", "s`", "s", "s_a", "t", "S_a", "s_10", "s_9"];
        await DoneAsync([.. keys.Select(k => new Change.Add(NewRow(k, 1)))]);

        Assert.Equal(["s_", "s_10", "s_9", "s_B", "s_a", "s_b"], await KeysAsync("p", "s_", "s`"));
        Assert.Equal(["s`"], await KeysAsync("p", "s`", "t"));
        Assert.Empty(await KeysAsync("p", "t", "s"));
    }

    [Fact]
    public async Task A_range_goes_on_past_the_thousandth_row()
    {
        for (var hundred = 0; hundred < 11; hundred++)
        {
            await DoneAsync([.. Enumerable.Range(hundred * 100, 100).Select(i => new Change.Add(NewRow($"r{i:D4}", i)))]);
        }

        var rows = await Table.RangeAsync("p", "r", "s", default).ToListAsync();

        Assert.Equal(Enumerable.Range(0, 1100), rows.Select(Number));
    }

    [Fact]
    public async Task A_scan_finds_what_expired_in_all_partitions_and_leaves_rows_that_never_expire()
    {
        await DoneAsync(
            new Change.Add(Expiring("p", "past", Now.AddTicks(-1))),
            new Change.Add(Expiring("p", "now", Now)),
            new Change.Add(Expiring("p", "future", Now.AddDays(1))),
            new Change.Add(NewRow("never", 1)));
        await DoneAsync(new Change.Add(Expiring("q", "long past", Now.AddYears(-3))));

        var expired = await Table.ScanAsync(Now, default).ToListAsync();

        Assert.Equal([("p", "past"), ("q", "long past")], expired.Select(r => (r.Partition, r.Key)));
        await DoneAsync(new Change.Delete("q", "long past", expired[1].ETag));
    }

    [Fact]
    public async Task Every_type_of_column_comes_back_as_it_was()
    {
        var columns = new Dictionary<string, object>
        {
            ["Text"] = "quote \" ' back\\slash <&> + % äöü 東京 🔑 line\nfeed \u0001",
            ["Empty"] = "",
            ["LooksLikeDate"] = "2026-03-04T05:06:07Z",
            ["True"] = true,
            ["False"] = false,
            ["Int"] = int.MinValue,
            ["Long"] = long.MaxValue,
            ["SmallLong"] = 7L,
            ["Double"] = 0.1,
            ["WholeDouble"] = 3.0,
            ["HugeDouble"] = 1.7976931348623157E+308,
            ["NaN"] = double.NaN,
            ["Infinity"] = double.NegativeInfinity,
            ["Guid"] = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"),
            ["Date"] = Now.AddTicks(1234567),
            ["EarliestDate"] = TableLimits.EarliestDate,
            ["Bytes"] = new byte[] { 0, 1, 127, 128, 255 },
            ["NoBytes"] = Array.Empty<byte>(),
        };

        // Once by itself and once in a transaction: two formats on the wire.
        await DoneAsync(new Change.Add(new Row("p", "a", columns)));
        await DoneAsync(new Change.Add(new Row("p", "b", columns)), new Change.Add(NewRow("c", 1)));

        var range = await Table.RangeAsync("p", "a", "c", default).ToListAsync();
        foreach (var row in range.Append(await FindAsync("a")).Append(await FindAsync("b")))
        {
            Assert.Equal(columns.OrderBy(c => c.Key), row.Columns.OrderBy(c => c.Key));
            Assert.All(columns, c => Assert.IsType(c.Value.GetType(), row.Columns[c.Key]));
            Assert.All(row.Columns.Values.OfType<DateTimeOffset>(), d => Assert.Equal(TimeSpan.Zero, d.Offset));
        }

        Assert.Equal(3, range.Count + 1);
    }

    [Theory]
    [InlineData("it's")]
    [InlineData("''")]
    [InlineData("100%")]
    [InlineData("%27%2F")]
    [InlineData("a+b c")]
    [InlineData("a=b&c;d:e@f,g!h$(i)*[j]~")]
    [InlineData("ärger 東京 🔑")]
    [InlineData("<\"|^`{}>")]
    public async Task Keys_may_hold_what_addresses_and_filters_use(string name)
    {
        // On both sides of the pair, and next to a row that careless escaping could take for it.
        Row row = new(name, name, new Dictionary<string, object> { ["Number"] = 1 });
        await DoneAsync(new Change.Add(row));
        var etag = (await Table.FindAsync(name, name, default))!.ETag;
        etag = (await DoneAsync(new Change.Replace(row with { ETag = etag })))[0];
        etag = (await DoneAsync(
            new Change.Replace(row with { ETag = etag }), new Change.Add(row with { Key = name + "x" })))[0];

        var found = await Table.RangeAsync(name, name, name + "y", default).ToListAsync();

        Assert.Equal([(name, name), (name, name + "x")], found.Select(r => (r.Partition, r.Key)));
        await DoneAsync(new Change.Delete(name, name, etag));
        await DoneAsync(new Change.Delete(name, name + "x", found[1].ETag), new Change.Add(row with { Key = "z" }));
        Assert.Null(await Table.FindAsync(name, name, default));
    }

    [Fact]
    public async Task What_the_caller_does_with_its_arrays_later_changes_no_stored_row()
    {
        var bytes = Encoding.UTF8.GetBytes("as committed");
        var columns = new Dictionary<string, object> { ["Bytes"] = bytes };
        await DoneAsync(new Change.Add(new Row("p", "a", columns)));

        bytes[0] = 0;
        columns["Late"] = 1;
        ((byte[])(await FindAsync("a")).Columns["Bytes"])[0] = 1;

        var row = await FindAsync("a");
        Assert.Equal("as committed"u8.ToArray(), row.Columns["Bytes"]);
        Assert.Single(row.Columns);
    }

    [Fact]
    public async Task A_caller_that_gave_up_gets_its_own_cancellation_and_no_outage()
    {
        var gaveUp = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Table.FindAsync("p", "a", gaveUp));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Table.CommitAsync([new Change.Add(NewRow("a", 1))], gaveUp));
        Assert.Null(await Table.FindAsync("p", "a", default));
    }

    private static Row NewRow(string key, int number) => new("p", key, new Dictionary<string, object> { ["Number"] = number });

    private static Row Expiring(string partition, string key, DateTimeOffset at) =>
        new(partition, key, new Dictionary<string, object> { [Row.ExpiresAt] = at });

    private static int Number(Row row) => (int)row.Columns["Number"];

    // A version of some row in some other table: well-formed, but of no row here.
    private async Task<ETag> StaleETagAsync()
    {
        var other = NewTable();
        Assert.IsType<Commit.Done>(await other.CommitAsync([new Change.Add(NewRow("stale", 1))], default));
        var etag = (await other.FindAsync("p", "stale", default))!.ETag;
        var done = await other.CommitAsync([new Change.Replace(NewRow("stale", 2) with { ETag = etag })], default);
        return Assert.IsType<Commit.Done>(done).ETags[0];
    }

    private async Task<Row> FindAsync(string key) => Assert.IsType<Row>(await Table.FindAsync("p", key, default));

    private async Task<List<string>> KeysAsync(string partition, string from, string before) =>
        await Table.RangeAsync(partition, from, before, default).Select(r => r.Key).ToListAsync();

    private async Task<IReadOnlyList<ETag>> DoneAsync(params Change[] changes) =>
        Assert.IsType<Commit.Done>(await Table.CommitAsync(changes, default)).ETags;

    private async Task<int> ConflictAsync(params Change[] changes) =>
        Assert.IsType<Commit.Conflict>(await Table.CommitAsync(changes, default)).Index;
}
