namespace AuthFunctions.Tokens;

/// <summary>Claim names that Microsoft.IdentityModel's <c>JwtRegisteredClaimNames</c> lacks.</summary>
public static class TokenClaims
{
    /// <summary>RFC 8693 §4.3.</summary>
    public const string ClientId = "client_id";

    /// <summary>RFC 8693 §4.2.</summary>
    public const string Scope = "scope";

    /// <summary>RFC 7800 §3.1: the key that the token is bound to.</summary>
    public const string Confirmation = "cnf";

    /// <summary>RFC 9449 §6.1: its thumbprint, in <see cref="Confirmation"/>.</summary>
    public const string KeyThumbprint = "jkt";

    /// <summary>RFC 8417 §2.2: what a token tells of.</summary>
    public const string Events = "events";

    /// <summary>OpenID Connect Back-Channel Logout §2.4: the event that a session ended.</summary>
    public const string BackchannelLogout = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>When the session was made, in Unix seconds: <c>GET /session</c> answers from the token alone.</summary>
    public const string SessionCreatedAt = "session_created_at";

    /// <summary>When the session ends at the latest, in Unix seconds.</summary>
    public const string SessionExpiresAt = "session_expires_at";
}
