namespace AuthFunctions.Protocol;

/// <summary>Identifiers of token types (RFC 8693 §3).</summary>
public static class TokenTypes
{
    /// <summary>An access token.</summary>
    public const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";

    /// <summary>A JSON Web Token, whatever it is for.</summary>
    public const string Jwt = "urn:ietf:params:oauth:token-type:jwt";
}
