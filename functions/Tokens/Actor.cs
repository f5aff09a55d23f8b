using AuthFunctions.Http;
using AuthFunctions.Sessions;
using AuthFunctions.Users;

namespace AuthFunctions.Tokens;

/// <summary>Who acts on sessions by a request.</summary>
public abstract record Actor
{
    private Actor()
    {
    }

    /// <summary>The user of a living session.</summary>
    /// <param name="Found">The session with its user and root.</param>
    /// <param name="Transport">How it was presented, and so how the answer must go.</param>
    public sealed record Present(FoundSession Found, Transport Transport) : Actor
    {
        /// <summary>The user.</summary>
        public UserRow User => Found.User;

        /// <summary>The session.</summary>
        public SessionRow Session => Found.Session;
    }

    /// <summary>Nobody.</summary>
    /// <param name="Refusal">What to answer.</param>
    /// <param name="HadCookie">True if a session cookie came in an acceptable request, but its session has ended: the cookies can go.</param>
    public sealed record Absent(Problem Refusal, bool HadCookie) : Actor
    {
        /// <summary>The session that a genuine cookie proves although it has ended, or null. Good for nothing but its own sign-out.</summary>
        public SessionRow? Ended { get; init; }
    }
}
