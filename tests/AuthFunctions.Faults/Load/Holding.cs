using AuthFunctions.Faults.Checking;

namespace AuthFunctions.Faults.Load;

/// <summary>How a session is held.</summary>
internal enum Holder
{
    /// <summary>A native app: a refresh token, by /refresh.</summary>
    Native,

    /// <summary>demo-web: a refresh token, by /token.</summary>
    Web,

    /// <summary>A browser on contoso: a cookie.</summary>
    Browser,

    /// <summary>The same browser on fabrikam, by handoff.</summary>
    Visitor,
}

/// <summary>A session as its client holds it: what the client believes.</summary>
internal sealed class Holding(Holder holder, string id)
{
    public Holder Holder => holder;

    public string Id => id;

    /// <summary>The site's address.</summary>
    public string Site => holder == Holder.Visitor ? ServiceClient.Fabrikam : ServiceClient.Contoso;

    /// <summary>The current refresh token, where it has one.</summary>
    public string? RefreshToken { get; set; }

    /// <summary>The refresh token of two generations ago, at least: nothing makes it good again.</summary>
    public string? UsedUp { get; set; }

    /// <summary>The refresh token before the current one.</summary>
    public string? Previous { get; set; }

    /// <summary>The session cookie, where it has one.</summary>
    public string? Sid { get; set; }

    public string? AccessToken { get; set; }

    /// <summary>The authorization code that it was redeemed for, where it was.</summary>
    public string? Code { get; init; }

    /// <summary>The current refresh token's label.</summary>
    public SecretLabel? Label => Labels.OfRefresh(RefreshToken);
}
