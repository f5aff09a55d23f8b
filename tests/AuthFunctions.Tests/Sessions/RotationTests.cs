using System.Security.Cryptography;
using System.Text;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;

namespace AuthFunctions.Tests.Sessions;

public class RotationTests
{
    private static readonly DateTimeOffset T0 = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(10);

    [Fact]
    public void The_current_secret_is_rotated()
    {
        var (session, first) = New();

        var next = Assert.IsType<Rotation.Next>(Rotation.Decide(session, first, T0, Leeway));

        Assert.NotEqual(first.Bytes.ToArray(), next.Secret.Bytes.ToArray());
        Assert.Equal(next.Secret.Hash(), next.Session.RefreshHash);
        Assert.Equal(first.Hash(), next.Session.PreviousRefreshHash);
        Assert.Equal(1, next.Session.Generation);
        Assert.Equal(T0, next.Session.RotatedAt);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9_999)]
    public void The_secret_before_yields_its_very_successor_within_the_leeway(int milliseconds)
    {
        var (session, first) = New();
        var next = (Rotation.Next)Rotation.Decide(session, first, T0, Leeway);

        var same = Assert.IsType<Rotation.Same>(Rotation.Decide(next.Session, first, T0.AddMilliseconds(milliseconds), Leeway));

        Assert.Equal(next.Secret.Bytes.ToArray(), same.Secret.Bytes.ToArray());
    }

    [Fact]
    public void The_secret_before_is_reuse_when_the_leeway_is_over()
    {
        var (session, first) = New();
        var next = (Rotation.Next)Rotation.Decide(session, first, T0, Leeway);

        Assert.IsType<Rotation.Reused>(Rotation.Decide(next.Session, first, T0 + Leeway, Leeway));
    }

    [Fact]
    public void A_secret_that_rotation_just_issued_is_not_rotated_before_the_leeway_is_over()
    {
        var (session, first) = New();
        var next = (Rotation.Next)Rotation.Decide(session, first, T0, Leeway);

        var same = Assert.IsType<Rotation.Same>(Rotation.Decide(next.Session, next.Secret, T0.AddSeconds(9.999), Leeway));

        Assert.Equal(next.Secret.Bytes.ToArray(), same.Secret.Bytes.ToArray());
        Assert.IsType<Rotation.Next>(Rotation.Decide(next.Session, next.Secret, T0 + Leeway, Leeway));
    }

    [Fact]
    public void A_secret_two_generations_old_is_reuse_even_right_after_a_rotation()
    {
        var (session, first) = New();
        var second = (Rotation.Next)Rotation.Decide(session, first, T0, Leeway);
        var third = (Rotation.Next)Rotation.Decide(second.Session, second.Secret, T0 + Leeway, Leeway);

        Assert.IsType<Rotation.Same>(Rotation.Decide(third.Session, second.Secret, T0 + Leeway, Leeway));
        Assert.IsType<Rotation.Reused>(Rotation.Decide(third.Session, first, T0 + Leeway, Leeway));
    }

    [Fact]
    public void Without_leeway_every_use_rotates_and_every_second_use_is_reuse()
    {
        var (session, first) = New();
        var second = (Rotation.Next)Rotation.Decide(session, first, T0, TimeSpan.Zero);

        Assert.IsType<Rotation.Reused>(Rotation.Decide(second.Session, first, T0, TimeSpan.Zero));
        Assert.IsType<Rotation.Next>(Rotation.Decide(second.Session, second.Secret, T0, TimeSpan.Zero));
    }

    [Fact]
    public void What_the_row_holds_unseals_no_successor()
    {
        var (session, first) = New();
        var next = (Rotation.Next)Rotation.Decide(session, first, T0, Leeway);
        var row = next.Session;
        var held = new[] { row.RefreshHash!, row.PreviousRefreshHash!, row.HandleKey!, SHA256.HashData(row.HandleKey!), row.SealedSuccessor!.AsSpan(12, 32).ToArray() };

        // The key that the old secret yields does open it, so the same attempt with what a thief of the table has means something.
        Assert.Equal(next.Secret.Bytes.ToArray(), Open(row, Key(row, first.Bytes.ToArray())));
        foreach (var bytes in held)
        {
            Assert.Throws<AuthenticationTagMismatchException>(() => Open(row, Key(row, bytes)));
            Assert.Throws<AuthenticationTagMismatchException>(() => Open(row, bytes));
            Assert.IsType<Rotation.Reused>(Rotation.Decide(row, Secret.From(bytes), T0, Leeway));
        }

        Assert.DoesNotContain(held, h => h.AsSpan().IndexOf(next.Secret.Bytes) >= 0);
    }

    [Theory]
    [InlineData("user")]
    [InlineData("session")]
    [InlineData("generation")]
    public void A_sealed_successor_is_bound_to_its_user_session_and_generation(string spoiled)
    {
        var (session, first) = New();
        var row = ((Rotation.Next)Rotation.Decide(session, first, T0, Leeway)).Session;
        var moved = spoiled switch
        {
            "user" => row with { UserId = Id.New() },
            "session" => row with { Id = SessionId.NewRoot() },
            _ => row with { Generation = 7 },
        };

        Assert.IsType<Rotation.Same>(Rotation.Decide(row, first, T0, Leeway));
        Assert.ThrowsAny<CryptographicException>(() => Rotation.Decide(moved, first, T0, Leeway));
    }

    private static byte[] Key(SessionRow row, byte[] secret) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, secret, 32, Encoding.UTF8.GetBytes(row.Id.ToString()), Encoding.UTF8.GetBytes("refresh successor"));

    private static byte[] Open(SessionRow row, byte[] key)
    {
        var plain = new byte[32];
        var stored = row.SealedSuccessor!;
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(stored.AsSpan(0, 12), stored.AsSpan(12, 32), stored.AsSpan(44), plain, Encoding.UTF8.GetBytes($"{row.UserId}/{row.Id}/{row.Generation}"));
        return plain;
    }

    private static (SessionRow Session, Secret First) New()
    {
        var secret = Secret.New();
        return (new SessionRow
        {
            UserId = Id.New(),
            Id = SessionId.NewRoot(),
            Site = "contoso",
            ClientId = "first-party",
            Scope = Scope.FirstParty,
            AuthTime = T0,
            Amr = ["pwd"],
            CreatedAt = T0,
            LastUsedAt = T0,
            IdleExpiresAt = T0.AddDays(14),
            AbsoluteExpiresAt = T0.AddDays(90),
            Epoch = 0,
            RefreshHash = secret.Hash(),
            HandleKey = RandomNumberGenerator.GetBytes(32),
        }, secret);
    }
}
