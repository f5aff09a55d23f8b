namespace AuthFunctions.Handoff;

/// <summary>When the source asks for a click before it hands a session over (OWASP ASVS 5.0 §7.6.2).</summary>
public enum HandoffConfirm
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>Unless the navigation shows that a person caused it (<c>Sec-Fetch-User: ?1</c>).</summary>
    WhenUnprompted,

    /// <summary>Always.</summary>
    Always,
}

/// <summary>Settings <c>Handoff</c>.</summary>
public sealed class HandoffOptions
{
    /// <summary>The settings section.</summary>
    public const string Section = "Handoff";

    /// <summary>When the source asks for a click: Never, WhenUnprompted (default) or Always. Never in the local sample.</summary>
    public HandoffConfirm Confirm { get; set; } = HandoffConfirm.WhenUnprompted;
}
