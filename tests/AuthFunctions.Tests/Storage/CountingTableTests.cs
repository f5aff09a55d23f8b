using AuthFunctions.Storage;

namespace AuthFunctions.Tests.Storage;

public sealed class CountingTableTests
{
    private readonly TableCounter counter = new() { Pause = TimeSpan.FromMilliseconds(250) };
    private readonly CountingTable users;
    private readonly CountingTable emails;

    public CountingTableTests()
    {
        users = new CountingTable(new MemoryTable(), counter);
        emails = new CountingTable(new MemoryTable(), counter);
    }

    [Fact]
    public async Task Reads_started_together_are_one_wave_over_all_tables()
    {
        var range = users.RangeAsync("p", "a", "z", default).ToListAsync().AsTask();
        await Task.WhenAll(users.FindAsync("p", "a", default), emails.FindAsync("p", "b", default), range);

        Assert.Equal((1, 2, 1), (counter.Waves, counter.PointReads, counter.RangeReads));
    }

    [Fact]
    public async Task Reads_one_after_another_are_a_wave_each()
    {
        await users.FindAsync("p", "a", default);
        await emails.FindAsync("p", "b", default);
        await users.ScanAsync(DateTimeOffset.UnixEpoch, default).ToListAsync();

        Assert.Equal((3, 2, 1), (counter.Waves, counter.PointReads, counter.Scans));
    }

    [Fact]
    public async Task A_commit_is_counted_and_reset_forgets_everything()
    {
        await users.CommitAsync([new Change.Add(new Row("p", "a", new Dictionary<string, object>()))], default);
        await users.FindAsync("p", "a", default);
        Assert.Equal((1, 1), (counter.Commits, counter.Waves));

        counter.Reset();

        Assert.Equal((0, 0, 0), (counter.Commits, counter.Waves, counter.PointReads));
    }
}
