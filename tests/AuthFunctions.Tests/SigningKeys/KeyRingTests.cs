using AuthFunctions.Protocol;
using AuthFunctions.SigningKeys;
using AuthFunctions.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace AuthFunctions.Tests.SigningKeys;

public class KeyRingTests
{
    private readonly ManualClock clock = new();
    private readonly CountingSource source = new();

    private KeyRing Ring => field ??= new(source, clock, NullLogger<KeyRing>.Instance);

    [Fact]
    public async Task All_who_ask_at_once_wait_for_one_look()
    {
        source.Gate = new TaskCompletionSource();
        var askers = Enumerable.Range(0, 32).Select(_ => Ring.KeysAsync(default).AsTask()).ToList();
        source.Gate.SetResult();

        await Task.WhenAll(askers);

        Assert.Equal(1, source.Loads);
    }

    [Fact]
    public async Task For_half_a_minute_nobody_looks_and_then_somebody_does_while_nobody_waits()
    {
        await Ring.KeysAsync(default);
        clock.Advance(TimeSpan.FromSeconds(29));
        await Ring.KeysAsync(default);
        Assert.Equal(1, source.Loads);

        source.Gate = new TaskCompletionSource();
        clock.Advance(TimeSpan.FromSeconds(1));
        var (one, other) = (Ring.KeysAsync(default).AsTask(), Ring.KeysAsync(default).AsTask());
        Assert.True(one.IsCompletedSuccessfully && other.IsCompletedSuccessfully);
        source.Gate.SetResult();

        Assert.True(SpinWait.SpinUntil(() => source.Loads == 2, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Past_55_seconds_nobody_is_answered_from_memory()
    {
        await Ring.KeysAsync(default);
        clock.Advance(TimeSpan.FromSeconds(55));
        source.Gate = new TaskCompletionSource();

        var asked = Ring.KeysAsync(default).AsTask();

        Assert.False(asked.IsCompleted);
        source.Gate.SetResult();
        await asked;
        Assert.Equal(2, source.Loads);
    }

    [Fact]
    public async Task What_was_looked_up_before_a_change_is_not_kept_after_it()
    {
        source.Gate = new TaskCompletionSource();
        var before = Ring.KeysAsync(default).AsTask();
        Ring.Forget();
        source.Gate.SetResult();
        await before;

        await Ring.KeysAsync(default);

        Assert.Equal(2, source.Loads);
    }

    [Fact]
    public async Task While_the_source_is_out_the_known_keys_serve_and_without_any_it_is_an_outage()
    {
        source.Failure = new OutageException("Key Vault");
        await Assert.ThrowsAsync<OutageException>(() => Ring.KeysAsync(default).AsTask());
        source.Failure = null;
        var known = await Ring.KeysAsync(default);
        source.Failure = new OutageException("Key Vault");
        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Same(known, await Ring.KeysAsync(default));
        source.Failure = null;
        clock.Advance(TimeSpan.FromMinutes(1));
        await Ring.KeysAsync(default);
        Assert.Equal(4, source.Loads);
    }

    [Fact]
    public async Task Whoever_gives_up_does_not_break_off_the_look_of_others()
    {
        source.Gate = new TaskCompletionSource();
        using var impatient = new CancellationTokenSource();
        var givesUp = Ring.KeysAsync(impatient.Token).AsTask();
        var waits = Ring.KeysAsync(default).AsTask();

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givesUp);
        source.Gate.SetResult();

        await waits;
        Assert.Equal(1, source.Loads);
    }

    private sealed class CountingSource : IKeySource
    {
        private readonly FaultingKeySource keys = new();
        private int loads;

        public int Loads => loads;

        public TaskCompletionSource? Gate { get; set; }

        public Exception? Failure { get; set; }

        public async Task<KeySet> LoadAsync(CancellationToken ct)
        {
            Interlocked.Increment(ref loads);
            await (Gate?.Task ?? Task.CompletedTask);
            return Failure is null ? await keys.LoadAsync(ct) : throw Failure;
        }

        public Task<IReadOnlyList<KeyInfo>> ListAsync(CancellationToken ct) => keys.ListAsync(ct);

        public Task RotateAsync(CancellationToken ct) => keys.RotateAsync(ct);

        public Task<bool> PullAsync(string kid, CancellationToken ct) => keys.PullAsync(kid, ct);

        public Task<string> MaintainAsync(CancellationToken ct) => keys.MaintainAsync(ct);
    }
}
