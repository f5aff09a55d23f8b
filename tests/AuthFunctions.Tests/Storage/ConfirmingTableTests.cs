using AuthFunctions.Protocol;
using AuthFunctions.Storage;

namespace AuthFunctions.Tests.Storage;

public sealed class ConfirmingTableTests
{
    private readonly MemoryTable memory = new();
    private readonly FaultingTable faults;
    private readonly ConfirmingTable table;

    public ConfirmingTableTests()
    {
        faults = new FaultingTable(memory);
        table = new ConfirmingTable(faults);
    }

    [Theory]
    [InlineData(nameof(Fault.CommitThenFail))]
    [InlineData(nameof(Fault.CommitThenConflict))]
    public async Task An_add_that_landed_although_its_answer_was_lost_is_done(string fault)
    {
        faults.NextCommit = Enum.Parse<Fault>(fault);

        var done = await DoneAsync(Add("a", 1), Add("b", 2));

        Assert.Equal([(await FindAsync("a")).ETag, (await FindAsync("b")).ETag], done.ETags);
    }

    [Theory]
    [InlineData(nameof(Fault.CommitThenFail))]
    [InlineData(nameof(Fault.CommitThenConflict))]
    public async Task A_replace_that_landed_although_its_answer_was_lost_is_done(string fault)
    {
        var etag = (await DoneAsync(Add("a", 1))).ETags[0];
        faults.NextCommit = Enum.Parse<Fault>(fault);

        var done = await DoneAsync(new Change.Replace(NewRow("a", 2) with { ETag = etag }));

        var row = await FindAsync("a");
        Assert.Equal(2, row.Columns["Number"]);
        Assert.Equal([row.ETag], done.ETags);
        Assert.NotEqual(default, row.ETag);
    }

    [Theory]
    [InlineData(nameof(Fault.CommitThenFail))]
    [InlineData(nameof(Fault.CommitThenConflict))]
    public async Task Deletes_that_landed_although_their_answer_was_lost_are_done(string fault)
    {
        var etags = (await DoneAsync(Add("a", 1), Add("b", 1))).ETags;
        faults.NextCommit = Enum.Parse<Fault>(fault);

        var done = await DoneAsync(new Change.Delete("p", "a", etags[0]), new Change.Delete("p", "b", etags[1]));

        Assert.Equal([default, default], done.ETags);
    }

    [Fact]
    public async Task A_delete_alone_is_done_where_the_row_is_gone_whoever_deleted_it()
    {
        var etag = (await DoneAsync(Add("a", 1))).ETags[0];
        await DoneAsync(new Change.Delete("p", "a", etag));

        await DoneAsync(new Change.Delete("p", "a", etag));
    }

    [Fact]
    public async Task Deletes_alone_are_a_conflict_where_one_row_is_still_there()
    {
        var etags = (await DoneAsync(Add("a", 1), Add("b", 1))).ETags;
        await DoneAsync(new Change.Delete("p", "a", etags[0]));

        Assert.Equal(
            new Commit.Conflict(0),
            await table.CommitAsync([new Change.Delete("p", "a", etags[0]), new Change.Delete("p", "b", etags[1])], default));
        Assert.NotNull(await table.FindAsync("p", "b", default));
    }

    [Fact]
    public async Task A_commit_is_done_even_if_another_has_rewritten_one_of_its_rows_since()
    {
        var etag = (await DoneAsync(Add("user", 1))).ETags[0];
        faults.NextCommit = Fault.CommitThenConflict;
        faults.Meanwhile = async () =>
        {
            var current = (await memory.FindAsync("p", "user", default))!.ETag;
            await memory.CommitAsync([new Change.Replace(NewRow("user", 3) with { ETag = current })], default);
        };

        var done = await DoneAsync(Add("event", 1), new Change.Replace(NewRow("user", 2) with { ETag = etag }));

        Assert.Equal([(await FindAsync("event")).ETag, default], done.ETags);
        Assert.Equal(3, (await FindAsync("user")).Columns["Number"]);
    }

    [Fact]
    public async Task A_conflict_with_the_row_of_another_stays_a_conflict()
    {
        await DoneAsync(Add("a", 1));

        Assert.Equal(new Commit.Conflict(1), await table.CommitAsync([Add("b", 1), Add("a", 1)], default));
    }

    [Fact]
    public async Task An_outage_before_the_commit_is_thrown_as_it_came()
    {
        faults.NextCommit = Fault.FailBeforeCommit;

        var outage = await Assert.ThrowsAsync<OutageException>(() => table.CommitAsync([Add("a", 1)], default));

        Assert.Equal("faulted commit", outage.Part);
        Assert.Null(await table.FindAsync("p", "a", default));
    }

    [Fact]
    public async Task An_outage_that_outlasts_the_look_is_thrown_as_it_came()
    {
        faults.NextCommit = Fault.CommitThenFail;
        faults.ReadsFail = true;

        var outage = await Assert.ThrowsAsync<OutageException>(() => table.CommitAsync([Add("a", 1)], default));

        Assert.Equal("faulted answer", outage.Part);
    }

    [Fact]
    public async Task A_conflict_that_cannot_be_looked_into_is_an_outage()
    {
        faults.NextCommit = Fault.CommitThenConflict;
        faults.ReadsFail = true;

        var outage = await Assert.ThrowsAsync<OutageException>(() => table.CommitAsync([Add("a", 1)], default));

        Assert.Equal("faulted read", outage.Part);
    }

    [Fact]
    public async Task The_operation_id_is_stored_anew_by_each_commit_and_never_handed_out()
    {
        await DoneAsync(new Change.Add(NewRow("a", 1) with { Columns = Expired }), Add("b", 1));
        var stored = await memory.RangeAsync("p", "a", "z", default).ToListAsync();
        var id = Assert.IsType<Guid>(stored[0].Columns[ConfirmingTable.OperationId]);
        Assert.Equal(id, stored[1].Columns[ConfirmingTable.OperationId]);

        var read = await FindAsync("a");
        var range = await table.RangeAsync("p", "a", "z", default).ToListAsync();
        var scan = await table.ScanAsync(DateTimeOffset.UnixEpoch.AddDays(1), default).ToListAsync();
        Assert.All(
            [read, .. range, Assert.Single(scan)], r => Assert.False(r.Columns.ContainsKey(ConfirmingTable.OperationId)));

        await DoneAsync(new Change.Replace(read));
        var rewritten = await memory.FindAsync("p", "a", default);
        Assert.NotEqual(id, Assert.IsType<Guid>(rewritten!.Columns[ConfirmingTable.OperationId]));
    }

    [Fact]
    public async Task A_commit_beyond_the_limits_is_not_sent()
    {
        faults.NextCommit = Fault.CommitThenFail;

        await Assert.ThrowsAsync<ArgumentException>(() => table.CommitAsync([Add("a/b", 1)], default));

        Assert.Equal(Fault.CommitThenFail, faults.NextCommit);
    }

    [Fact]
    public async Task A_fault_can_be_kept_for_a_later_commit_of_some_kind()
    {
        faults.NextCommit = Fault.FailBeforeCommit;
        faults.When = changes => changes[0].Key == "b";
        faults.Skip = 1;

        await DoneAsync(Add("a", 1));
        var etag = (await DoneAsync(Add("b", 1))).ETags[0];

        await Assert.ThrowsAsync<OutageException>(
            () => table.CommitAsync([new Change.Replace(NewRow("b", 2) with { ETag = etag })], default));
        await DoneAsync(new Change.Replace(NewRow("b", 3) with { ETag = etag }));
    }

    private static Dictionary<string, object> Expired => new() { [Row.ExpiresAt] = DateTimeOffset.UnixEpoch };

    private static Row NewRow(string key, int number) => new("p", key, new Dictionary<string, object> { ["Number"] = number });

    private static Change.Add Add(string key, int number) => new(NewRow(key, number));

    private async Task<Row> FindAsync(string key) => Assert.IsType<Row>(await table.FindAsync("p", key, default));

    private async Task<Commit.Done> DoneAsync(params Change[] changes) =>
        Assert.IsType<Commit.Done>(await table.CommitAsync(changes, default));
}
