namespace AuthFunctions.Protocol;

/// <summary>Claims about the user that a client has by name (OpenID Connect Core §5.5), besides those that its scope brings.</summary>
/// <param name="IdToken">In ID tokens.</param>
/// <param name="UserInfo">At the userinfo endpoint.</param>
public sealed record GrantedClaims(IReadOnlyList<string> IdToken, IReadOnlyList<string> UserInfo)
{
    /// <summary>None by name.</summary>
    public static readonly GrantedClaims None = new([], []);

    /// <summary>The claims that can be had by name, with the scope that a user would consent to for each (§5.4).</summary>
    private static readonly Dictionary<string, string> Scopes = new(StringComparer.Ordinal)
    {
        ["name"] = Scope.Profile,
        ["email"] = Scope.Email,
        ["email_verified"] = Scope.Email,
    };

    /// <summary>The scopes that a user consents to when these are asked for.</summary>
    public Scope Scope => Scope.Of(IdToken.Concat(UserInfo).Select(name => Scopes[name]));

    /// <summary>Those of the names that there are, and that a client with these scopes may ask for.</summary>
    public static IReadOnlyList<string> Allowed(IEnumerable<string> names, Scope client) =>
        [.. names.Where(name => Scopes.TryGetValue(name, out var scope) && client.Contains(scope))];

    /// <summary>What a row holds.</summary>
    public static GrantedClaims Parse(string? idToken, string? userInfo) => new(idToken?.Split(' ') ?? [], userInfo?.Split(' ') ?? []);

    /// <summary>One of the lists as a row holds it; null for an empty one.</summary>
    public static string? Write(IReadOnlyList<string> names) => names.Count == 0 ? null : string.Join(' ', names);
}
