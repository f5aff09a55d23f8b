using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using AuthFunctions.Protocol;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Users;

/// <summary>Hashes and checks passwords with ASP.NET Core Identity's hasher, no more at once than the cores can bear.</summary>
public sealed class Passwords : IDisposable
{
    private const int MaxWaiting = 32;

    private readonly IPasswordHasher<UserRow> hasher;
    private readonly ConcurrencyLimiter limiter = new(new ConcurrencyLimiterOptions
    {
        // One core stays free, so that a burst of sign-ins does not hold up the requests that hash nothing.
        PermitLimit = Math.Max(1, Environment.ProcessorCount - 1),
        QueueLimit = MaxWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private readonly string hashOfNobody;

    public Passwords(IPasswordHasher<UserRow> hasher, IOptions<PasswordHasherOptions> options)
    {
        this.hasher = hasher;
        hashOfNobody = HashOfNobody(options.Value.IterationCount);
    }

    /// <summary>NIST SP 800-63B-4 §3.1.1.2: NFKC, so that one password typed on two keyboards stays one. Null if it is not valid Unicode.</summary>
    public static string? Normalise(string password)
    {
        try
        {
            return password.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// Ends at once what would be refused in the end. Of a burst most comes in vain, again and again: that must not cost what it would read.
    /// </summary>
    /// <exception cref="OutageException">Too many wait already.</exception>
    public void RefuseIfFull()
    {
        if (limiter.GetStatistics() is { CurrentQueuedCount: >= MaxWaiting })
        {
            throw TooMany();
        }
    }

    /// <summary>The hash to store.</summary>
    /// <exception cref="OutageException">Too many wait already.</exception>
    public Task<string> HashAsync(string password, CancellationToken ct) =>
        LimitedAsync(() => hasher.HashPassword(null!, Normalise(password) ?? password), ct);

    /// <summary>Checks a password. Without a user it costs one hash all the same, so that time does not tell who has an account.</summary>
    /// <exception cref="OutageException">Too many wait already.</exception>
    public async Task<PasswordVerificationResult> VerifyAsync(UserRow? user, string password, CancellationToken ct)
    {
        var hash = user?.PasswordHash ?? hashOfNobody;
        var typed = Normalise(password) ?? password;
        var result = await LimitedAsync(() => hasher.VerifyHashedPassword(user!, hash, typed), ct);
        return user is null ? PasswordVerificationResult.Failed : result;
    }

    /// <inheritdoc/>
    public void Dispose() => limiter.Dispose();

    /// <summary>
    /// A hash that no password has, in the hasher's format (version 3: PRF, rounds, length of the salt, salt, key; numbers big-endian). Put
    /// together and not hashed: else the first unknown address of each instance would cost two hashes, and show by its time what it is.
    /// </summary>
    private static string HashOfNobody(int iterations)
    {
        const int HmacSha512 = 2, SaltSize = 16, KeySize = 32, HeaderSize = 13;
        var bytes = RandomNumberGenerator.GetBytes(HeaderSize + SaltSize + KeySize);
        bytes[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), HmacSha512);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), iterations);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(9), SaltSize);
        return Convert.ToBase64String(bytes);
    }

    private async Task<T> LimitedAsync<T>(Func<T> work, CancellationToken ct)
    {
        using var lease = await limiter.AcquireAsync(1, ct);
        if (!lease.IsAcquired)
        {
            throw TooMany();
        }

        // On a thread of its own: the pool's few are for what waits for nothing but them, and this one gives way to them.
        return await Task.Factory.StartNew(
            () =>
            {
                Niceness.Yield();
                return work();
            },
            ct,
            // What follows the hash gives way to nobody.
            TaskCreationOptions.LongRunning | TaskCreationOptions.RunContinuationsAsynchronously,
            TaskScheduler.Default);
    }

    private static OutageException TooMany() => new("password hashing");
}
