using AuthFunctions.Storage;

namespace AuthFunctions.Tests.Storage;

public sealed class CountingTableTests
{
    private readonly TableCounter _counter = new();
    private readonly CountingTable _users;
    private readonly CountingTable _emails;

    public CountingTableTests()
    {
        _users = new CountingTable(new MemoryTable(), _counter);
        _emails = new CountingTable(new MemoryTable(), _counter);
    }

    [Fact]
    public async Task Reads_started_together_are_one_wave_over_all_tables()
    {
        var range = _users.RangeAsync("p", "a", "z", default).ToListAsync().AsTask();
        await Task.WhenAll(_users.FindAsync("p", "a", default), _emails.FindAsync("p", "b", default), range);

        Assert.Equal((1, 2, 1), (_counter.Waves, _counter.PointReads, _counter.RangeReads));
    }

    [Fact]
    public async Task Reads_one_after_another_are_a_wave_each()
    {
        await _users.FindAsync("p", "a", default);
        await _emails.FindAsync("p", "b", default);
        await _users.ScanAsync(DateTimeOffset.UnixEpoch, default).ToListAsync();

        Assert.Equal((3, 2, 1), (_counter.Waves, _counter.PointReads, _counter.Scans));
    }

    [Fact]
    public async Task A_commit_is_counted_and_reset_forgets_everything()
    {
        await _users.CommitAsync([new Change.Add(new Row("p", "a", new Dictionary<string, object>()))], default);
        await _users.FindAsync("p", "a", default);
        Assert.Equal((1, 1), (_counter.Commits, _counter.Waves));

        _counter.Reset();

        Assert.Equal((0, 0, 0), (_counter.Commits, _counter.Waves, _counter.PointReads));
    }
}
