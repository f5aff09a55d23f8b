namespace AuthFunctions.Tokens;

/// <summary>Settings <c>Tokens</c>.</summary>
public sealed class TokensOptions
{
    /// <summary>The settings section.</summary>
    public const string Section = "Tokens";

    /// <summary>Life of access and ID tokens, 1 to 60 minutes; 5 by default. Sent as <c>expires_in</c>, in seconds (RFC 6749 §5.1).</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(5);
}
