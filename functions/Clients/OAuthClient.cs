using System.Buffers.Text;
using AuthFunctions.Protocol;
using Microsoft.IdentityModel.Tokens;

namespace AuthFunctions.Clients;

/// <summary>A registered client, as validated from <see cref="ClientOptions"/>.</summary>
public sealed class OAuthClient
{
    internal OAuthClient(ClientOptions options)
    {
        ClientId = options.ClientId;
        Sites = options.Sites;
        SecretHashes = [.. options.SecretHashes.Select(h => Base64Url.DecodeFromChars(h))];
        Keys = options.Jwks is { Length: > 0 } jwks ? [.. new JsonWebKeySet(jwks).GetSigningKeys()] : [];
        GrantTypes = options.GrantTypes;
        Scopes = Scope.Of(options.Scopes);
        Resources = options.Resources;
        ResourceServer = options.ResourceServer;
        BrowserOrigins = [.. options.RedirectUris.Select(u => new Uri(u).GetLeftPart(UriPartial.Authority))];
        IdleLifetime = options.IdleLifetime;
        AbsoluteLifetime = options.AbsoluteLifetime;
    }

    /// <summary>The client identifier.</summary>
    public string ClientId { get; }

    /// <summary>The sites where it exists.</summary>
    public IReadOnlyList<string> Sites { get; }

    /// <summary>SHA-256 of each accepted secret.</summary>
    public IReadOnlyList<byte[]> SecretHashes { get; }

    /// <summary>Public keys for <c>private_key_jwt</c>.</summary>
    public IReadOnlyList<SecurityKey> Keys { get; }

    /// <summary>Grant types it may use.</summary>
    public IReadOnlyList<string> GrantTypes { get; }

    /// <summary>Scopes it may ask for.</summary>
    public Scope Scopes { get; }

    /// <summary>Audiences it may ask tokens for.</summary>
    public IReadOnlyList<string> Resources { get; }

    /// <summary>The audience it is the API of, or null.</summary>
    public string? ResourceServer { get; }

    /// <summary>Origins of its pages.</summary>
    public IReadOnlyList<string> BrowserOrigins { get; }

    /// <summary>Idle lifetime of its sessions, or null for the site's.</summary>
    public TimeSpan? IdleLifetime { get; }

    /// <summary>Absolute lifetime of its sessions, or null for the site's.</summary>
    public TimeSpan? AbsoluteLifetime { get; }

    /// <summary>True if it can authenticate (RFC 6749 §2.1).</summary>
    public bool IsConfidential => SecretHashes.Count > 0 || Keys.Count > 0;
}
