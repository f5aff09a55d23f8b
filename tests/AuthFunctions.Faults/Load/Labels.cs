using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthFunctions.Faults.Checking;
using AuthFunctions.Sessions;

namespace AuthFunctions.Faults.Load;

/// <summary>What secrets and tokens tell about themselves. The history shows hashes alone.</summary>
internal static class Labels
{
    /// <summary>A refresh token's generation, and a hash.</summary>
    public static SecretLabel? OfRefresh(string? token) =>
        RefreshHandle.Read(token) is { } handle ? new SecretLabel(handle.Generation, Hash(token!)) : null;

    /// <summary>Of what has no generations: a code, a handoff token.</summary>
    public static SecretLabel Of(string secret) => new(0, Hash(secret));

    /// <summary>The session of a refresh token.</summary>
    public static string SessionOf(string refreshToken) => RefreshHandle.Read(refreshToken)!.SessionId.ToString();

    /// <summary>User and session of a session cookie.</summary>
    public static (string User, string Session) OfSid(string sid)
    {
        var handle = SessionHandle.Read(SessionHandle.Sid, sid)!;
        return (handle.UserId, handle.SessionId.ToString());
    }

    private static string Hash(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));
}
