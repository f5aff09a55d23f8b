using AuthFunctions.Protocol;

namespace AuthFunctions.Sessions;

/// <summary>What a browser presents to prove a session: its address and a secret. Not rotated.</summary>
/// <param name="UserId">The user.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Secret">The secret whose hash the row holds.</param>
public sealed record SessionHandle(string UserId, SessionId SessionId, Secret Secret)
{
    /// <summary>The session cookie's handle: it acts for the user on the auth host.</summary>
    public const string Sid = "sid_";

    /// <summary>A handle that can be introspected and nothing else.</summary>
    public const string Check = "check_";

    /// <summary>The text, under one of the prefixes above.</summary>
    public string Write(string prefix) => Handle.Write(prefix, [.. Id.Read(UserId), .. SessionId.ToBytes(), .. Secret.Bytes]);

    /// <summary>The handle, or null if the text is none of that prefix.</summary>
    public static SessionHandle? Read(string prefix, string? text)
    {
        if (!Handle.TryRead(prefix, text, out var bytes) || (bytes.Length - Id.Size - Secret.Size) is not (Id.Size or 2 * Id.Size))
        {
            return null;
        }

        return new SessionHandle(
            Id.Write(bytes.AsSpan(0, Id.Size)),
            SessionId.FromBytes(bytes.AsSpan()[Id.Size..^Secret.Size]),
            Secret.From(bytes.AsSpan()[^Secret.Size..]));
    }
}
