namespace AuthFunctions.Protocol;

/// <summary>An error of an OAuth endpoint (RFC 6749 §5.2).</summary>
/// <param name="Code">The registered code, <c>error</c>.</param>
/// <param name="Description">Bland, for anyone: <c>error_description</c>.</param>
/// <param name="Reason">For logs and tests; never sent.</param>
/// <param name="Status">The HTTP status: 400 but where the specification says otherwise.</param>
public sealed record OAuthError(string Code, string Description, string Reason, int Status = 400)
{
    /// <summary>RFC 6749 §5.2: a parameter is missing, repeated or malformed.</summary>
    public static OAuthError InvalidRequest(string description) => new("invalid_request", description, description);

    /// <summary>RFC 6749 §5.2: client authentication failed. One description for all causes, so that none can be probed.</summary>
    public static OAuthError InvalidClient(string reason) => new("invalid_client", "client authentication failed", reason, 401);

    /// <summary>RFC 6749 §5.2: the grant or refresh token is not valid. One description for all causes.</summary>
    public static OAuthError InvalidGrant(string reason) => new("invalid_grant", "the grant is invalid, expired or was revoked", reason);

    /// <summary>RFC 6749 §5.2: the client may not use this grant.</summary>
    public static OAuthError UnauthorizedClient(string reason) =>
        new("unauthorized_client", "this client may not use this grant", reason);

    /// <summary>RFC 6749 §5.2: no such grant here.</summary>
    public static OAuthError UnsupportedGrantType() =>
        new("unsupported_grant_type", "this grant type is not supported", "unsupported grant type");

    /// <summary>RFC 6749 §5.2: a scope is malformed, unknown or not this client's.</summary>
    public static OAuthError InvalidScope(string reason) => new("invalid_scope", "a requested scope is not allowed", reason);

    /// <summary>RFC 8707 §2: a resource is malformed, unknown or not this client's.</summary>
    public static OAuthError InvalidTarget(string reason) => new("invalid_target", "the requested resource is not allowed", reason);

    /// <summary>RFC 6749 §4.1.2.1, RFC 8628 §3.5: the user said no.</summary>
    public static OAuthError AccessDenied(string reason) => new("access_denied", "the request was denied", reason);

    /// <summary>RFC 8628 §3.5: nobody has answered yet; ask again.</summary>
    public static OAuthError AuthorizationPending() => new("authorization_pending", "nobody has answered yet", "not approved yet");

    /// <summary>RFC 8628 §3.5: the same, and the client asks too often; from now on five seconds more between polls.</summary>
    public static OAuthError SlowDown() => new("slow_down", "wait five seconds longer between polls", "polled too early");

    /// <summary>RFC 8628 §3.5: nobody has answered in time; begin anew.</summary>
    public static OAuthError ExpiredToken() => new("expired_token", "the device code has expired", "device code expired");

    /// <summary>OpenID Connect Unmet Authentication Requirements §2: nobody can sign in here as strongly as is asked for.</summary>
    public static OAuthError UnmetAuthenticationRequirements() => new(
        "unmet_authentication_requirements", "the authentication that is asked for cannot be had here", "no acr of those asked for is supported");

    /// <summary>RFC 6750 §3.1: the access token opens nothing here. One description for all causes.</summary>
    public static OAuthError InvalidToken(string reason) =>
        new("invalid_token", "an access token of this issuer is needed, unexpired, and for a living session", reason, 401);

    /// <summary>RFC 6750 §3.1: the access token is not for this.</summary>
    public static OAuthError InsufficientScope(string scope) =>
        new("insufficient_scope", $"the access token needs scope {scope}", "insufficient scope", 403);

    /// <summary>RFC 9449 §5: the DPoP proof is missing or not valid. One description for all causes.</summary>
    public static OAuthError InvalidDpopProof(string reason) =>
        new("invalid_dpop_proof", "the DPoP proof is missing, invalid, or made for something else", "DPoP proof: " + reason);

    /// <summary>RFC 9449 §8: the proof must be made anew, with the nonce that header <c>DPoP-Nonce</c> tells.</summary>
    public static OAuthError UseDpopNonce(string reason) =>
        new("use_dpop_nonce", "the DPoP proof must have the nonce of header DPoP-Nonce", "DPoP proof: " + reason);

    /// <summary>RFC 7009 §2.2.1: this kind of token cannot be revoked.</summary>
    public static OAuthError UnsupportedTokenType(string reason) =>
        new("unsupported_token_type", "this kind of token cannot be revoked", reason);
}
