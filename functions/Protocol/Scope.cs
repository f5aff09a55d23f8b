using System.Diagnostics.CodeAnalysis;

namespace AuthFunctions.Protocol;

/// <summary>A set of scope values (RFC 6749 §3.3), in the order first named.</summary>
public sealed class Scope : IEquatable<Scope>
{
    /// <summary>OpenID Connect Core §3.1.2.1.</summary>
    public const string OpenId = "openid";

    /// <summary>OpenID Connect Core §5.4: name.</summary>
    public const string Profile = "profile";

    /// <summary>OpenID Connect Core §5.4: e-mail address.</summary>
    public const string Email = "email";

    /// <summary>OpenID Connect Core §11: a refresh token that outlives the browser's session.</summary>
    public const string OfflineAccess = "offline_access";

    /// <summary>Operators of this service: <c>/manage</c>.</summary>
    public const string Manage = "auth.manage";

    /// <summary>What a first-party sign-in grants.</summary>
    public static readonly Scope FirstParty = new([OpenId, Profile, Email]);

    /// <summary>No scope.</summary>
    public static readonly Scope None = new([]);

    private Scope(IReadOnlyList<string> values) => Values = values;

    /// <summary>The values, each once.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>False if the text is not a scope: values of printable ASCII without quote and backslash, single spaces between.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Scope? scope)
    {
        scope = null;
        if (string.IsNullOrEmpty(text))
        {
            scope = None;
            return true;
        }

        var values = text.Split(' ');
        if (!values.All(IsToken))
        {
            return false;
        }

        scope = Of(values);
        return true;
    }

    /// <summary>A scope of these values.</summary>
    public static Scope Of(IEnumerable<string> values) => new([.. values.Distinct(StringComparer.Ordinal)]);

    /// <summary>A scope that a row or a token of ours holds.</summary>
    public static Scope Parse(string? text) => TryParse(text, out var scope)
        ? scope
        : throw new FormatException("A stored scope is malformed.");

    /// <summary>RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).</summary>
    public static bool IsToken(string value) =>
        value.Length > 0 && value.All(c => c is '\x21' or (>= '\x23' and <= '\x5B') or (>= '\x5D' and <= '\x7E'));

    /// <summary>True if the value is in the set.</summary>
    public bool Contains(string value) => Values.Contains(value, StringComparer.Ordinal);

    /// <summary>True if every value of this set is in the other.</summary>
    public bool IsWithin(Scope other) => Values.All(other.Contains);

    /// <inheritdoc/>
    public bool Equals(Scope? other) => other is not null && IsWithin(other) && other.IsWithin(this);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Scope);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Aggregate(0, (hash, value) => hash ^ StringComparer.Ordinal.GetHashCode(value));

    /// <summary>The wire form: values with single spaces between.</summary>
    public override string ToString() => string.Join(' ', Values);
}
