using AuthFunctions.Protocol;

namespace AuthFunctions.Sessions;

/// <summary>How tokens reach the caller: as cookies of a browser, or in the body for native apps and OAuth clients.</summary>
public enum Transport
{
    /// <summary>Cookies; the body never shows an access or refresh token.</summary>
    Cookie,

    /// <summary>The response body.</summary>
    Body,
}

/// <summary>The secrets of a session, as only its holder ever sees them.</summary>
/// <param name="Sid">The session cookie's, for browsers.</param>
/// <param name="Refresh">The first refresh secret, where the session has one.</param>
public sealed record SessionSecrets(Secret? Sid, Secret? Refresh);

/// <summary>A session that is built but not committed: tokens are signed in between.</summary>
public sealed record NewSession(SessionRow Row, SessionSecrets Secrets);
