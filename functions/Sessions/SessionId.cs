using System.Diagnostics.CodeAnalysis;
using AuthFunctions.Protocol;

namespace AuthFunctions.Sessions;

/// <summary>
/// The identifier of a session, <c>sid</c> in tokens. A root's is one identifier; a child's begins with its root's, so that whoever
/// has it can read session and root at once. It is no secret.
/// </summary>
public readonly record struct SessionId
{
    private SessionId(string root, string? child) => (RootPart, ChildPart) = (root, child);

    /// <summary>The root of the tree: the session itself if it is one.</summary>
    public SessionId Root => new(RootPart, null);

    /// <summary>True if a handoff or a client's grant made this session below another.</summary>
    [MemberNotNullWhen(true, nameof(ChildPart))]
    public bool IsChild => ChildPart is not null;

    private string RootPart { get; }

    private string? ChildPart { get; }

    /// <summary>A fresh root.</summary>
    public static SessionId NewRoot() => new(Id.New(), null);

    /// <summary>A fresh child of this session's root: trees have a depth of one.</summary>
    public SessionId NewChild() => new(RootPart, Id.New());

    /// <summary>False if the text is no session id.</summary>
    public static bool TryParse(string? text, out SessionId id)
    {
        var parts = text?.Split('.') ?? [];
        var valid = parts.Length is 1 or 2 && parts.All(Id.IsValid);
        id = valid ? new SessionId(parts[0], parts.Length == 2 ? parts[1] : null) : default;
        return valid;
    }

    /// <summary>A session id that a row or a token of ours holds.</summary>
    public static SessionId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException("A stored session id is malformed.");

    /// <inheritdoc/>
    public override string ToString() => IsChild ? $"{RootPart}.{ChildPart}" : RootPart;

    internal byte[] ToBytes() => IsChild ? [.. Id.Read(RootPart), .. Id.Read(ChildPart)] : Id.Read(RootPart);

    internal static SessionId FromBytes(ReadOnlySpan<byte> bytes) =>
        new(Id.Write(bytes[..Id.Size]), bytes.Length > Id.Size ? Id.Write(bytes[Id.Size..]) : null);
}
