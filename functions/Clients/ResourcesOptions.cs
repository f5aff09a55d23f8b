namespace AuthFunctions.Clients;

/// <summary>Settings <c>Resources:{name}</c>: the APIs that tokens may be for (RFC 8707).</summary>
public sealed class ResourcesOptions : Dictionary<string, ResourceOptions>
{
    /// <summary>The settings section.</summary>
    public const string Section = "Resources";
}

/// <summary>One API.</summary>
public sealed class ResourceOptions
{
    /// <summary>The <c>aud</c> of its tokens: an absolute URI without fragment. Required.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The scopes that mean something to it.</summary>
    public List<string> Scopes { get; set; } = [];

    /// <summary>Life of its access tokens, 1 to 60 minutes; that of <c>Tokens</c> unless told otherwise.</summary>
    public TimeSpan? AccessTokenLifetime { get; set; }
}
