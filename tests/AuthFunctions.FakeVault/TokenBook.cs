using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace AuthFunctions.FakeVault;

/// <summary>The tokens given out: for what resource, and until when.</summary>
internal sealed class TokenBook(VaultOptions options)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, (string Resource, DateTimeOffset Expires)> issued = new(StringComparer.Ordinal);

    public (string Token, DateTimeOffset Expires) Issue(string resource)
    {
        var token = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var expires = DateTimeOffset.UtcNow + Lifetime;
        issued[token] = (resource.TrimEnd('/'), expires);
        return (token, expires);
    }

    /// <summary>Null if the header bears a token given out here for the vault; otherwise what is wrong with it.</summary>
    public string? Fault(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return "AKV10000: Request is missing a Bearer or PoP token.";
        }

        if (!issued.TryGetValue(authorization["Bearer ".Length..], out var token))
        {
            return "AKV10032: Invalid issuer.";
        }

        return token.Expires < DateTimeOffset.UtcNow ? "Error validating token: IDX10223."
            : token.Resource != options.Resource.AbsoluteUri.TrimEnd('/') ? "AKV10022: Invalid audience."
            : null;
    }
}
