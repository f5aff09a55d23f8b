namespace AuthFunctions.Faults.Checking;

/// <summary>What a client asked for.</summary>
internal enum Verb
{
    /// <summary>Nothing: the session was known to live when the history began, at the entry's end; when it last rotated is not known.</summary>
    Known,

    /// <summary>A new account, and with it a session.</summary>
    Register,

    /// <summary>A session, by password.</summary>
    SignIn,

    /// <summary>A client's session, for an authorization code.</summary>
    Redeem,

    /// <summary>A session at another site, for a handoff token.</summary>
    HandOff,

    /// <summary>New tokens: for a refresh token where a secret was presented, else by the session cookie.</summary>
    Refresh,

    /// <summary>Whether the session lives.</summary>
    Look,

    /// <summary>The end of the session's tree.</summary>
    SignOut,

    /// <summary>The end of the session, asked for by its client.</summary>
    Revoke,

    /// <summary>A used authorization code once more: the end of what it was redeemed for.</summary>
    ReuseCode,

    /// <summary>The end of all of the user's sessions.</summary>
    SignOutEverywhere,

    /// <summary>The same, by an operator.</summary>
    EndByOperator,

    /// <summary>The same, and no more sign-ins.</summary>
    Block,

    /// <summary>Sign-ins again.</summary>
    Unblock,
}

/// <summary>What the client was told.</summary>
internal enum Outcome
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was refused, for what the session or the user is.</summary>
    Refused,

    /// <summary>Nothing, or that the service cannot serve: it may have been done, or be done yet.</summary>
    Unknown,
}

/// <summary>A secret as the history knows it.</summary>
/// <param name="Generation">How many rotations it came after.</param>
/// <param name="Label">A hash that tells it from others.</param>
internal readonly record struct SecretLabel(int Generation, string Label);

/// <summary>One request and what came of it.</summary>
internal sealed record Entry(Verb Verb, string User)
{
    /// <summary>The session that acted, or was acted upon.</summary>
    public string? Session { get; init; }

    /// <summary>The secret that was presented: of a refresh token; of a code or a handoff token, in generation 0.</summary>
    public SecretLabel? Presented { get; init; }

    /// <summary>The secret that came back.</summary>
    public SecretLabel? Returned { get; init; }

    /// <summary>The session that was made.</summary>
    public string? Opened { get; init; }

    /// <summary>The session whose place it takes, which ends.</summary>
    public string? Replaced { get; init; }

    public Outcome Outcome { get; init; }

    /// <summary>What the tries of one request have in common; 0 of a request that was sent once.</summary>
    public int Chain { get; init; }

    /// <summary>True if it stands for several tries of one request, of which none was answered.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>True if a thief presented it, who knows that it is used up.</summary>
    public bool IsTheft { get; init; }

    /// <summary>When the request was sent, by the deployment's clock.</summary>
    public TimeSpan Start { get; init; }

    /// <summary>When the answer was read, or it was clear that there is none.</summary>
    public TimeSpan End { get; init; }

    /// <summary>Status, code and instance, for whoever reads the history.</summary>
    public string Note { get; init; } = "";

    /// <summary>True if all of the user's sessions end by it.</summary>
    public bool EndsAll => Verb is Verb.SignOutEverywhere or Verb.EndByOperator or Verb.Block;

    public override string ToString() =>
        $"{Start.TotalSeconds,9:f3} – {End.TotalSeconds,9:f3}  {Verb,-17} {Outcome,-8} {Note,-34} {Session}"
        + $"{(Presented is { } p ? $" {p.Generation}:{p.Label}" : "")}{(Returned is { } r ? $" -> {r.Generation}:{r.Label}" : "")}"
        + $"{(Opened is null ? "" : $" opens {Opened}")}{(Replaced is null ? "" : $" replaces {Replaced}")}";
}
