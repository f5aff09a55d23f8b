using AuthFunctions.Protocol;
using AuthFunctions.Sessions;

namespace AuthFunctions.Authorize;

/// <summary>
/// An authorization code as the client sees it: its row's address, the session that granted it (so that all is read at once), and a secret.
/// </summary>
public sealed record CodeHandle(string UserId, string CodeId, SessionId GrantedBy, Secret Secret)
{
    /// <summary>The prefix of codes.</summary>
    public const string Prefix = "code_";

    /// <summary>The text.</summary>
    public string Write() => Handle.Write(Prefix, [.. Id.Read(UserId), .. Id.Read(CodeId), .. GrantedBy.ToBytes(), .. Secret.Bytes]);

    /// <summary>The handle, or null if the text is none.</summary>
    public static CodeHandle? Read(string? text) =>
        Handle.TryRead(Prefix, text, out var bytes) && (bytes.Length - (2 * Id.Size) - Secret.Size) is (Id.Size or 2 * Id.Size)
            ? new CodeHandle(
                Id.Write(bytes.AsSpan(0, Id.Size)),
                Id.Write(bytes.AsSpan(Id.Size, Id.Size)),
                SessionId.FromBytes(bytes.AsSpan()[(2 * Id.Size)..^Secret.Size]),
                Secret.From(bytes.AsSpan()[^Secret.Size..]))
            : null;
}
