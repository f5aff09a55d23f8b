using AuthFunctions.Clients;
using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;

namespace AuthFunctions.Tokens;

/// <summary>One way to get tokens at <c>/token</c> (RFC 6749 §1.3). Found by its grant type.</summary>
public interface IGrant
{
    /// <summary>The value of <c>grant_type</c>.</summary>
    string GrantType { get; }

    /// <summary>Issues tokens, or says why not.</summary>
    Task<GrantResult> RedeemAsync(GrantRequest request, CancellationToken ct);
}

/// <summary>A token request whose client has authenticated and may use the grant.</summary>
public sealed record GrantRequest(Fields Form, Site Site, OAuthClient Client)
{
    /// <summary>
    /// Thumbprint of the key that the client has proven to have (RFC 9449 §5): access tokens are bound to it. Null without a proof.
    /// </summary>
    public string? DpopKey { get; init; }

    /// <summary>What of it a session is bound to: a public client has nothing else to prove itself by when it refreshes (RFC 9449 §5).</summary>
    public string? SessionDpopKey => Client.IsConfidential ? null : DpopKey;

    /// <summary><c>token_type</c> of what is issued (RFC 6749 §5.1, RFC 9449 §5).</summary>
    public string TokenType => DpopKey is null ? "Bearer" : DpopProof.Scheme;
}

/// <summary>What became of a token request.</summary>
public abstract record GrantResult
{
    private GrantResult()
    {
    }

    /// <summary>RFC 6749 §5.1.</summary>
    public sealed record Issued(TokenResponse Response) : GrantResult;

    /// <summary>RFC 6749 §5.2.</summary>
    public sealed record Rejected(OAuthError Error) : GrantResult;
}

/// <summary>A successful token response (RFC 6749 §5.1).</summary>
public sealed record TokenResponse(string AccessToken, string TokenType, int ExpiresIn, string Scope)
{
    /// <summary>The next refresh token.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>RFC 8693 §2.2.1.</summary>
    public string? IssuedTokenType { get; init; }

    /// <summary>OpenID Connect Core §3.1.3.3.</summary>
    public string? IdToken { get; init; }
}
