namespace AuthFunctions.Protocol;

/// <summary>The <c>typ</c> of each kind of JSON Web Token made here: explicit, so that none passes for another (RFC 8725 §3.11).</summary>
public static class JwtTypes
{
    /// <summary>Access tokens (RFC 9068 §2.1).</summary>
    public const string AccessToken = "at+jwt";

    /// <summary>ID tokens (OpenID Connect Core §2 asks for none; this is the plain type of RFC 7519 §5.1).</summary>
    public const string IdToken = "JWT";

    /// <summary>DPoP proofs (RFC 9449 §4.2), which clients make.</summary>
    public const string DpopProof = "dpop+jwt";

    /// <summary>Request objects (RFC 9101 §10.8), which clients make.</summary>
    public const string RequestObject = "oauth-authz-req+jwt";

    /// <summary>Signed answers of the userinfo endpoint. No type is registered; a type of its own keeps one from passing for an ID token.</summary>
    public const string UserInfo = "userinfo+jwt";

    /// <summary>Logout tokens (OpenID Connect Back-Channel Logout §2.4).</summary>
    public const string LogoutToken = "logout+jwt";

    /// <summary>Handoff tokens (docs/handoff.md).</summary>
    public const string Handoff = "handoff+jwt";

    /// <summary>Handoff assertions, between back ends (docs/handoff.md §9).</summary>
    public const string HandoffAssertion = "handoff-assertion+jwt";
}
