namespace AuthFunctions.Tests.Storage;

/// <summary>Counts what all tables of a service are asked, to hold it to its budgets.</summary>
internal sealed class TableCounter
{
    private readonly Lock guard = new();
    private int running;

    /// <summary>
    /// How long each read lasts at least. From <see cref="Reset"/> on somebody counts waves: then reads that are started together must overlap,
    /// so even a busy machine must start the last of them before the first has ended.
    /// </summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Round trips spent on reading: reads that overlap in time make one wave.</summary>
    public int Waves { get; private set; }

    public int PointReads { get; private set; }

    public int RangeReads { get; private set; }

    public int Scans { get; private set; }

    public int Commits { get; private set; }

    /// <summary>Starts anew. Nothing may be under way.</summary>
    public void Reset()
    {
        lock (guard)
        {
            Pause = TimeSpan.FromMilliseconds(250);
            Waves = PointReads = RangeReads = Scans = Commits = 0;
        }
    }

    public Task<T> PointReadAsync<T>(Func<Task<T>> read) => ReadAsync(() => PointReads++, read);

    public Task<T> RangeReadAsync<T>(Func<Task<T>> read) => ReadAsync(() => RangeReads++, read);

    public Task<T> ScanAsync<T>(Func<Task<T>> read) => ReadAsync(() => Scans++, read);

    public void Committed()
    {
        lock (guard)
        {
            Commits++;
        }
    }

    private async Task<T> ReadAsync<T>(Action count, Func<Task<T>> read)
    {
        lock (guard)
        {
            count();
            Waves += running++ == 0 ? 1 : 0;
        }

        try
        {
            // A table in memory answers at once; the pause lets reads that are started together overlap.
            await Task.Delay(Pause);
            return await read();
        }
        finally
        {
            lock (guard)
            {
                running--;
            }
        }
    }
}
