using AuthFunctions.Protocol;
using AuthFunctions.Sessions;

namespace AuthFunctions.Tokens;

/// <summary>An access token (RFC 9068) that this site issued, as its claims say.</summary>
public sealed record AccessToken
{
    /// <summary>The user as the client knows it; the client where no user is involved.</summary>
    public required string Subject { get; init; }

    /// <summary>The user as the rows know it; null where no user is involved.</summary>
    public string? UserId { get; init; }

    /// <summary><c>sid</c> as the client knows it; null where no user is involved.</summary>
    public string? Sid { get; init; }

    /// <summary>The one audience.</summary>
    public required string Audience { get; init; }

    /// <summary>The client it was issued to.</summary>
    public required string ClientId { get; init; }

    /// <summary>What it allows.</summary>
    public required Scope Scope { get; init; }

    /// <summary>Its identifier.</summary>
    public required string TokenId { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When it expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The session behind it; null where no user is involved.</summary>
    public SessionId? SessionId { get; init; }

    /// <summary>When that session was made.</summary>
    public DateTimeOffset? SessionCreatedAt { get; init; }

    /// <summary>When that session ends at the latest.</summary>
    public DateTimeOffset? SessionExpiresAt { get; init; }

    /// <summary>Who acts for the subject; null if it acts itself.</summary>
    public ActClaim? Act { get; init; }

    /// <summary>The user's address, where the audience is the issuer.</summary>
    public string? Email { get; init; }

    /// <summary>The user's name, where the audience is the issuer.</summary>
    public string? Name { get; init; }

    /// <summary>When the user last proved who they are, and how well; null where no user is involved.</summary>
    public DateTimeOffset? AuthTime { get; init; }

    /// <summary>OpenID Connect Core §2.</summary>
    public string? Acr { get; init; }

    /// <summary>Thumbprint of the key that it is bound to (RFC 9449 §6.1), or null.</summary>
    public string? DpopKey { get; init; }

    /// <summary>
    /// True if it stands for a user in one of the site's own apps and may act on the user's sessions. A token for an API never does.
    /// </summary>
    public bool ActsForUser(Sites.Site site) =>
        SessionId is not null && ClientId == ClientIds.FirstParty && Audience == site.Issuer && DpopKey is null;
}

/// <summary>What a presented access token is.</summary>
public abstract record AccessTokenReading
{
    private AccessTokenReading()
    {
    }

    /// <summary>Ours and in its lifetime. Whether its session still lives is another question.</summary>
    public sealed record Valid(AccessToken Token) : AccessTokenReading;

    /// <summary>Ours, but past its time.</summary>
    public sealed record Expired(AccessToken Token) : AccessTokenReading;

    /// <summary>Not ours, or no access token.</summary>
    public sealed record Invalid(string Reason) : AccessTokenReading;
}
