using System.Buffers.Binary;
using System.Security.Cryptography;
using AuthFunctions.Protocol;

namespace AuthFunctions.Sessions;

/// <summary>
/// A refresh token: the session's address, a secret, the secret's generation, and a MAC over all of it under the row's handle key.
/// The MAC tells an old token that was once issued, whose return means theft, from a guess, which means nothing.
/// </summary>
public sealed class RefreshHandle
{
    /// <summary>The prefix of refresh tokens.</summary>
    public const string Prefix = "rt_";

    private const int GenerationSize = sizeof(int);
    private const int MacSize = 16;
    private const int TailSize = GenerationSize + Secret.Size + MacSize;

    private readonly byte[] mac;

    private RefreshHandle(string userId, SessionId sessionId, int generation, Secret secret, byte[] mac) =>
        (UserId, SessionId, Generation, Secret, this.mac) = (userId, sessionId, generation, secret, mac);

    /// <summary>The user.</summary>
    public string UserId { get; }

    /// <summary>The session.</summary>
    public SessionId SessionId { get; }

    /// <summary>How many rotations the secret came after.</summary>
    public int Generation { get; }

    /// <summary>The secret whose hash the row holds, or held.</summary>
    public Secret Secret { get; }

    /// <summary>The refresh token of a session's row for this secret.</summary>
    public static RefreshHandle Issue(SessionRow session, int generation, Secret secret)
    {
        var key = session.HandleKey ?? throw new InvalidOperationException("The session has no refresh token.");
        return new RefreshHandle(session.UserId, session.Id, generation, secret, Mac(key, Signed(session.UserId, session.Id, generation, secret)));
    }

    /// <summary>The handle, or null if the text is no refresh token.</summary>
    public static RefreshHandle? Read(string? text)
    {
        if (!Handle.TryRead(Prefix, text, out var bytes) || (bytes.Length - Id.Size - TailSize) is not (Id.Size or 2 * Id.Size))
        {
            return null;
        }

        var tail = bytes.AsSpan()[^TailSize..];
        return new RefreshHandle(
            Id.Write(bytes.AsSpan(0, Id.Size)),
            SessionId.FromBytes(bytes.AsSpan()[Id.Size..^TailSize]),
            BinaryPrimitives.ReadInt32BigEndian(tail),
            Secret.From(tail.Slice(GenerationSize, Secret.Size)),
            tail[^MacSize..].ToArray());
    }

    /// <summary>True if this service issued the handle for that session, however long ago.</summary>
    public bool IsGenuine(SessionRow session) =>
        session.HandleKey is { } key && CryptographicOperations.FixedTimeEquals(mac, Mac(key, Signed(UserId, SessionId, Generation, Secret)));

    /// <summary>The text.</summary>
    public string Write() => Handle.Write(Prefix, [.. Signed(UserId, SessionId, Generation, Secret), .. mac]);

    /// <inheritdoc/>
    public override string ToString() => "(refresh token)";

    private static byte[] Signed(string userId, SessionId sessionId, int generation, Secret secret)
    {
        Span<byte> number = stackalloc byte[GenerationSize];
        BinaryPrimitives.WriteInt32BigEndian(number, generation);
        return [.. Id.Read(userId), .. sessionId.ToBytes(), .. number, .. secret.Bytes];
    }

    private static byte[] Mac(byte[] key, byte[] signed) => HMACSHA256.HashData(key, signed)[..MacSize];
}
