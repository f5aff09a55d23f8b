using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SignIn;

public class HashLimitTests
{
    [Fact]
    public async Task One_core_is_left_free_32_wait_and_more_are_told_to_come_again()
    {
        using var hasher = new GatedHasher();
        await using var service = await StartAsync(adjust: services => services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<UserRow>>(hasher)));
        using var browser = service.NewBrowser();
        var atOnce = Math.Max(1, Environment.ProcessorCount - 1);

        // Nobody gets through the gate, so exactly those beyond the queue are answered.
        var pending = Enumerable.Range(0, atOnce + 32 + 3)
            .Select(_ => browser.PostAsync(Contoso + "/login", new { email = NewEmail(), password = Password })).ToList();
        for (var i = 0; i < 3; i++)
        {
            var first = await Task.WhenAny(pending).WaitAsync(TimeSpan.FromSeconds(30));
            pending.Remove(first);
            using var refused = await first;
            await refused.RefusedAsync(503, "unavailable");
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        }

        Assert.DoesNotContain(pending, p => p.IsCompleted);
        hasher.Open();
        foreach (var waited in await Task.WhenAll(pending))
        {
            await waited.RefusedAsync(401, "invalid_credentials");
        }

        Assert.Equal(atOnce, hasher.MostAtOnce);
        Assert.Contains(service.Log.Lines, l => l.Contains("503 unavailable: password hashing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_comes_while_all_places_are_taken_is_told_so_before_anything_is_read()
    {
        using var hasher = new GatedHasher();
        await using var service = await StartAsync(adjust: services => services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<UserRow>>(hasher)));
        using var browser = service.NewBrowser();
        var places = Math.Max(1, Environment.ProcessorCount - 1) + 32;
        var hashing = Enumerable.Range(0, places).Select(_ => service.Get<Passwords>().VerifyAsync(null, Password, default)).ToList();
        service.Counter.Reset();

        using var refused = await browser.PostAsync(Contoso + "/login", new { email = NewEmail(), password = Password });

        await refused.RefusedAsync(503, "unavailable");
        Assert.Equal((0, 0), (service.Counter.PointReads, service.Counter.Commits));

        // No stack trace: under a burst there are thousands of these lines.
        Assert.Equal(
            "password hashing cannot serve right now",
            Assert.Single(service.Log.Lines, l => l.Contains("cannot serve", StringComparison.Ordinal)).Split(": ")[^1].TrimEnd());
        hasher.Open();
        await Task.WhenAll(hashing);
        using var later = await browser.PostAsync(Contoso + "/login", new { email = NewEmail(), password = Password });
        await later.RefusedAsync(401, "invalid_credentials");
        Assert.NotEqual(0, service.Counter.PointReads);
    }

    [Fact]
    public async Task A_hash_is_made_on_a_thread_of_its_own_that_lets_the_others_go_first()
    {
        using var hasher = new GatedHasher();
        hasher.Open();
        await using var service = await StartAsync(adjust: services => services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<UserRow>>(hasher)));

        await service.Get<Passwords>().VerifyAsync(null, Password, default);

        Assert.False(hasher.WasInPool);
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(10, hasher.Niceness);
            Assert.NotEqual(10, NicenessOfThisThread());
        }
    }

    /// <summary>The 19th field of a thread's stat; its name, the second, is in brackets.</summary>
    private static int NicenessOfThisThread() =>
        int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(") ")[^1].Split(' ')[16], System.Globalization.CultureInfo.InvariantCulture);

    private sealed class GatedHasher : IPasswordHasher<UserRow>, IDisposable
    {
        private readonly ManualResetEventSlim gate = new();
        private readonly Lock guard = new();
        private int running;

        public int MostAtOnce { get; private set; }

        public bool WasInPool { get; private set; }

        public int? Niceness { get; private set; }

        public void Open() => gate.Set();

        public string HashPassword(UserRow user, string password) => "x";

        public PasswordVerificationResult VerifyHashedPassword(UserRow user, string hashedPassword, string providedPassword)
        {
            WasInPool = Thread.CurrentThread.IsThreadPoolThread;
            Niceness = OperatingSystem.IsLinux() ? NicenessOfThisThread() : null;
            lock (guard)
            {
                MostAtOnce = Math.Max(MostAtOnce, ++running);
            }

            gate.Wait(TimeSpan.FromSeconds(60));
            lock (guard)
            {
                running--;
            }

            return PasswordVerificationResult.Failed;
        }

        public void Dispose() => gate.Dispose();
    }
}
