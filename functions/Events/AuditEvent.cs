namespace AuthFunctions.Events;

/// <summary>One change in a user's history. Refreshes and failures are no changes.</summary>
/// <param name="Kind">What happened: one of <see cref="EventKinds"/>.</param>
public sealed record AuditEvent(string Kind)
{
    /// <summary>The site where it happened, or null.</summary>
    public string? Site { get; init; }

    /// <summary>The session it happened to, or null.</summary>
    public string? SessionId { get; init; }

    /// <summary>The client that asked for it, or null.</summary>
    public string? ClientId { get; init; }

    /// <summary>Why, where there is more than one reason for the kind.</summary>
    public string? Reason { get; init; }
}

/// <summary>An event as it was recorded.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Event">What happened.</param>
public sealed record PastEvent(DateTimeOffset At, AuditEvent Event);

/// <summary>The kinds of events. Stored, so never renamed.</summary>
public static class EventKinds
{
    public const string Registered = "registered";
    public const string SessionStarted = "session_started";
    public const string SessionEnded = "session_ended";
    public const string AllSessionsEnded = "all_sessions_ended";
    public const string OtherSessionsEnded = "other_sessions_ended";
    public const string ConsentGiven = "consent_given";
    public const string ConsentWithdrawn = "consent_withdrawn";
    public const string Blocked = "blocked";
    public const string Unblocked = "unblocked";
    public const string PasswordChanged = "password_changed";
    public const string PasswordReset = "password_reset";
    public const string EmailChangeRequested = "email_change_requested";
    public const string EmailChanged = "email_changed";
    public const string DeviceAllowed = "device_allowed";
    public const string AccountDeleted = "account_deleted";
    public const string LogoutDelivered = "logout_delivered";
    public const string DeliveryFailed = "delivery_failed";
}
