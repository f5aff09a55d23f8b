using AuthFunctions.Protocol;

namespace AuthFunctions.Users;

/// <summary>What a link in a mail carries: whose row it is, and a secret.</summary>
public sealed record UserLink(string UserId, string LinkId, Secret Secret)
{
    /// <summary>The prefix of handles in links.</summary>
    public const string Prefix = "link_";

    /// <summary>The text.</summary>
    public string Write() => Handle.Write(Prefix, [.. Id.Read(UserId), .. Id.Read(LinkId), .. Secret.Bytes]);

    /// <summary>The handle, or null if the text is none.</summary>
    public static UserLink? Read(string? text) =>
        Handle.TryRead(Prefix, text, out var bytes) && bytes.Length == (2 * Id.Size) + Secret.Size
            ? new UserLink(
                Id.Write(bytes.AsSpan(0, Id.Size)), Id.Write(bytes.AsSpan(Id.Size, Id.Size)), Secret.From(bytes.AsSpan()[(2 * Id.Size)..]))
            : null;
}
