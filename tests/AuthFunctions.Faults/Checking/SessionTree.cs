namespace AuthFunctions.Faults.Checking;

/// <summary>The shape of session ids: a child's begins with its root's, and a dot.</summary>
internal static class SessionTree
{
    /// <summary>The root of a session's tree.</summary>
    public static string Root(string session) => session.Split('.')[0];

    /// <summary>True if the end of one session is the end of the other: it is the same, or its root.</summary>
    public static bool Ends(string ended, string session) => session == ended || Root(session) == ended;
}
