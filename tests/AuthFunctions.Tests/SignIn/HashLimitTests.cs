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

    private sealed class GatedHasher : IPasswordHasher<UserRow>, IDisposable
    {
        private readonly ManualResetEventSlim gate = new();
        private readonly Lock guard = new();
        private int running;

        public int MostAtOnce { get; private set; }

        public void Open() => gate.Set();

        public string HashPassword(UserRow user, string password) => "x";

        public PasswordVerificationResult VerifyHashedPassword(UserRow user, string hashedPassword, string providedPassword)
        {
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
