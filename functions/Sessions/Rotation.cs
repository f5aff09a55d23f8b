using System.Security.Cryptography;
using System.Text;
using AuthFunctions.Protocol;

namespace AuthFunctions.Sessions;

/// <summary>What a presented refresh secret means. Pure: the caller commits, and signs before it commits.</summary>
public abstract record Rotation
{
    private Rotation()
    {
    }

    /// <summary>The current secret: <paramref name="Session"/>, once committed, has <paramref name="Secret"/> in its place.</summary>
    public sealed record Next(SessionRow Session, Secret Secret) : Rotation;

    /// <summary>
    /// Nothing to write; the caller gets <paramref name="Secret"/>, which is current. It presented either the secret before it within
    /// the leeway (a lost response, a slower tab), or this very one less than a leeway after it was made: were it rotated
    /// again, that slower tab would fall two generations behind.
    /// </summary>
    public sealed record Same(Secret Secret) : Rotation;

    /// <summary>A secret that was once issued and is used up. RFC 9700 §4.14.2: thief and owner look alike, so the session ends.</summary>
    public sealed record Reused : Rotation;

    /// <summary>Decides about a genuine handle (<see cref="RefreshHandle.IsGenuine"/>) of a living session.</summary>
    /// <param name="session">The row as it was read.</param>
    /// <param name="presented">The secret.</param>
    /// <param name="now">The moment.</param>
    /// <param name="leeway">How long after a rotation the secret before it still yields its successor; zero: not at all.</param>
    public static Rotation Decide(SessionRow session, Secret presented, DateTimeOffset now, TimeSpan leeway)
    {
        var withinLeeway = session.RotatedAt is { } rotatedAt && now - rotatedAt < leeway;
        if (presented.Matches(session.RefreshHash))
        {
            return withinLeeway ? new Same(presented) : Rotate(session, presented, now);
        }

        // The leeway runs from the rotation and is not renewed by use.
        return withinLeeway && presented.Matches(session.PreviousRefreshHash)
            ? new Same(Unseal(session, presented))
            : new Reused();
    }

    private static Next Rotate(SessionRow session, Secret presented, DateTimeOffset now)
    {
        var successor = Secret.New();
        return new Next(
            session with
            {
                RefreshHash = successor.Hash(),
                PreviousRefreshHash = presented.Hash(),
                SealedSuccessor = Seal(session, presented, successor),
                Generation = session.Generation + 1,
                RotatedAt = now,
            },
            successor);
    }

    /// <summary>AES-256-GCM under a key that only the old secret yields: the table alone tells nobody the new one.</summary>
    private static byte[] Seal(SessionRow session, Secret old, Secret successor)
    {
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var sealedSecret = new byte[Secret.Size];
        var tag = new byte[AesGcm.TagByteSizes.MaxSize];
        using var aes = new AesGcm(SealingKey(session, old).Bytes, tag.Length);
        aes.Encrypt(nonce, successor.Bytes, sealedSecret, tag, Binding(session, session.Generation + 1));
        return [.. nonce, .. sealedSecret, .. tag];
    }

    private static Secret Unseal(SessionRow session, Secret old)
    {
        var stored = session.SealedSuccessor.AsSpan();
        var nonceSize = AesGcm.NonceByteSizes.MaxSize;
        var secret = new byte[Secret.Size];
        using var aes = new AesGcm(SealingKey(session, old).Bytes, AesGcm.TagByteSizes.MaxSize);
        aes.Decrypt(
            stored[..nonceSize], stored.Slice(nonceSize, Secret.Size), stored[(nonceSize + Secret.Size)..], secret,
            Binding(session, session.Generation));
        return Secret.From(secret);
    }

    private static Secret SealingKey(SessionRow session, Secret old) => old.Derive("refresh successor", session.Id.ToString());

    private static byte[] Binding(SessionRow session, int generation) => Encoding.UTF8.GetBytes($"{session.UserId}/{session.Id}/{generation}");
}
