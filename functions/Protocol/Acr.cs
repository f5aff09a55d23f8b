namespace AuthFunctions.Protocol;

/// <summary>Authentication context classes (OpenID Connect Core §2, <c>acr</c>): how well people have proven who they are.</summary>
public static class Acr
{
    /// <summary>By a password.</summary>
    public const string Password = "pwd";

    /// <summary>All that can be reached, from the weakest: one, until there is a second factor.</summary>
    public static readonly IReadOnlyList<string> Supported = [Password];

    /// <summary>The class that these methods (RFC 8176) amount to; null for none.</summary>
    public static string? Of(IReadOnlyList<string> amr) => amr.Contains(Password, StringComparer.Ordinal) ? Password : null;

    /// <summary>True if one of these classes can be reached here.</summary>
    public static bool CanReachAny(IEnumerable<string> classes) => classes.Intersect(Supported, StringComparer.Ordinal).Any();
}
