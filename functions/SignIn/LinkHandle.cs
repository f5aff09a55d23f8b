using AuthFunctions.Protocol;

namespace AuthFunctions.SignIn;

/// <summary>What a confirmation link carries: which registration, and a secret.</summary>
public sealed record LinkHandle(string RegistrationId, Secret Secret)
{
    /// <summary>The prefix of handles in links.</summary>
    public const string Prefix = "link_";

    /// <summary>The text.</summary>
    public string Write() => Handle.Write(Prefix, [.. Id.Read(RegistrationId), .. Secret.Bytes]);

    /// <summary>The handle, or null if the text is none.</summary>
    public static LinkHandle? Read(string? text) =>
        Handle.TryRead(Prefix, text, out var bytes) && bytes.Length == Id.Size + Secret.Size
            ? new LinkHandle(Id.Write(bytes.AsSpan(0, Id.Size)), Secret.From(bytes.AsSpan()[Id.Size..]))
            : null;
}
