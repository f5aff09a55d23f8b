using AuthFunctions.Http;
using AuthFunctions.Sessions;
using AuthFunctions.Users;

namespace AuthFunctions.Handoff;

/// <summary>A session that a handoff made, with the secrets that its browser alone can derive.</summary>
public sealed record HandedOver(UserRow User, NewSession Session);

/// <summary>What became of a handoff token at the target.</summary>
public abstract record Acceptance
{
    private Acceptance()
    {
    }

    /// <summary>The session continues here.</summary>
    /// <param name="State">The handoff, whose cookie can go.</param>
    /// <param name="User">The user.</param>
    /// <param name="Session">The session to set cookies for; null if this browser's own session is the root of the same tree and stays.</param>
    /// <param name="AccessToken">Its access token; null with it.</param>
    /// <param name="TokenId">The token's identifier.</param>
    public sealed record Accepted(HandoffState State, UserRow User, NewSession? Session, string? AccessToken, string TokenId) : Acceptance;

    /// <summary>The session is redeemed, but somebody else is signed in here, and nothing switches by itself.</summary>
    public sealed record OtherPerson(HandoffState State, UserRow Newcomer, FoundSession Current, SessionId SessionId, string TokenId) : Acceptance;

    /// <summary>Refused; the app hears of it, since the browser proved by its cookie that the app asked.</summary>
    public sealed record Refused(HandoffState State, string Error, string Reason) : Acceptance;

    /// <summary>Refused without a place to go: an error page.</summary>
    public sealed record RefusedHere(Problem Problem) : Acceptance;
}
